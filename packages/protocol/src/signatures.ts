import * as z from 'zod'
import { MalformedIdError } from './errors.ts'
import { type Felt, felt, STARK_PRIME } from './ids.ts'

/**
 * Felts of the longest signature that the network takes in a transaction. An account alone says what a signature of its is: two felts,
 * three with a type before them, a list of signers, a whole passkey answer.
 * @source Starknet sequencer, `StatelessTransactionValidatorConfig.max_signature_length`; https://docs.starknet.io/learn/cheatsheets/chain-info
 */
export const MAX_SIGNATURE_FELTS = 4_000

const PART = /^(0x[0-9a-f]{1,64}|\d{1,78})$/i

/** Parses a signature at an edge: any number of felts up to what the network takes, hex or decimal, zeros too; none is looked into. */
export const signatureSchema: z.ZodType<Felt[], string[]> = z
  .array(
    z
      .string()
      .max(80)
      .regex(PART, { error: 'expected a felt, hex or decimal', abort: true })
      .refine((part) => BigInt(part) < STARK_PRIME, { error: 'expected a felt in range', abort: true })
      .overwrite((part) => felt(BigInt(part))),
  )
  .min(1)
  .max(MAX_SIGNATURE_FELTS) as unknown as z.ZodType<Felt[], string[]>

/** What wallets and starknet.js call a signature: a list of felts, hex or decimal, or the two numbers of an ECDSA signature. */
export type WrittenSignature = readonly (string | bigint | number)[] | { readonly r: bigint; readonly s: bigint }

/**
 * A signature as the account takes it, whichever way it is written: the same felts in the same order, and as many.
 * @throws {MalformedIdError} A part is no felt.
 * @example
 * signatureFelts(['10', '0x00']) // ['0xa', '0x0']
 */
export function signatureFelts(signature: WrittenSignature): Felt[] {
  const parts = 'r' in signature ? [signature.r, signature.s] : signature
  return parts.map((part) => {
    if (typeof part !== 'string') return felt(part)
    if (!PART.test(part)) throw new MalformedIdError('signature')
    return felt(BigInt(part))
  })
}
