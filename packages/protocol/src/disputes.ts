import * as z from 'zod'
import { DOMAINS, poseidon, textToFelts } from './hash.ts'
import type { Felt } from './ids.ts'

/** What a patient has to say of an entry; kept by the gateway, never on chain. */
export const statementTextSchema = z.string().trim().min(3).max(2_000)

/** The salted hash that a dispute carries on chain: the dispute is public, its text is not. */
export function statementHash(text: string, salt: Felt): Felt {
  return poseidon(DOMAINS.statement, salt, ...textToFelts(text))
}
