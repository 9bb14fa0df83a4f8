import { randomBytes } from 'node:crypto'
import { type AccountAddress, type Felt, felt, type SignInChallenge } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/database.ts'
import { AuthError } from '../gatewayErrors.ts'

/** How long a wallet may take to sign, seconds. */
const CHALLENGE_S = 300
/** 31 bytes always fit a felt. */
const NONCE_BYTES = 31

const expiryRow = z.object({ expires_at_s: z.number() })

/** Sign-ins that were started: each nonce is for one account, once, for five minutes. */
export class Challenges {
  readonly #parts: { readonly database: Database; readonly clock: Clock; readonly chainId: Felt; readonly origin: string }

  constructor(parts: { database: Database; clock: Clock; chainId: Felt; origin: string }) {
    this.#parts = parts
  }

  /** Starts a sign-in; the account signs what comes back. */
  async issue(account: AccountAddress): Promise<SignInChallenge> {
    const { database, clock, chainId, origin } = this.#parts
    const nonce = felt(`0x${randomBytes(NONCE_BYTES).toString('hex')}`)
    const expiresAtS = clock.nowS() + CHALLENGE_S
    await database.inShared(async (tx) => {
      await tx.run('DELETE FROM challenges WHERE expires_at_s < $1', [clock.nowS() - CHALLENGE_S])
      await tx.run('INSERT INTO challenges (nonce, account, expires_at_s) VALUES ($1, $2, $3)', [nonce, account, expiresAtS])
    })
    return { chainId, origin, account, nonce, expiresAtS }
  }

  /**
   * Takes a started sign-in; nobody can take it again.
   * @throws {AuthError} `auth/nonce-unknown`: never started for this account, or taken. `auth/nonce-expired`
   */
  async take(account: AccountAddress, nonce: Felt): Promise<SignInChallenge> {
    const { database, clock, chainId, origin } = this.#parts
    const taken = await database.inShared((tx) =>
      tx.first(expiryRow, 'DELETE FROM challenges WHERE nonce = $1 AND account = $2 RETURNING expires_at_s', [nonce, account]),
    )
    if (taken === undefined) throw new AuthError('auth/nonce-unknown')
    if (clock.nowS() >= taken.expires_at_s) throw new AuthError('auth/nonce-expired')
    return { chainId, origin, account, nonce, expiresAtS: taken.expires_at_s }
  }
}
