import { randomBytes } from 'node:crypto'
import { type AccountAddress, type Felt, felt, type SignInChallenge } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/database.ts'
import { AuthError } from '../gatewayErrors.ts'
import { type Key, type KeyRing, keyedHash } from '../keys/keyRing.ts'

/** How long a wallet may take to sign, seconds. */
const CHALLENGE_S = 300
/** A nonce is random bytes and then their authenticator; 31 bytes always fit a felt. */
const RANDOM_BYTES = 15
const MAC_BYTES = 16

const expiryRow = z.object({ expires_at_s: z.number() })

/**
 * Sign-ins that were started: each nonce is for one account, once, for five minutes. A nonce proves by itself that it was made here, for
 * which account and until when, so that a row written by hand starts none.
 */
export class Challenges {
  readonly #parts: { readonly database: Database; readonly clock: Clock; readonly chainId: Felt; readonly origin: string }
  readonly #key: Key

  constructor({ keys, ...parts }: { database: Database; clock: Clock; keys: KeyRing; chainId: Felt; origin: string }) {
    this.#parts = parts
    this.#key = keys.shared('challenge-nonce')
  }

  /** Starts a sign-in; the account signs what comes back. */
  async issue(account: AccountAddress): Promise<SignInChallenge> {
    const { database, clock, chainId, origin } = this.#parts
    const expiresAtS = clock.nowS() + CHALLENGE_S
    const nonce = this.#nonceOf(randomBytes(RANDOM_BYTES).toString('hex'), account, expiresAtS)
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
    if (taken === undefined || nonce !== this.#nonceOf(randomPartOf(nonce), account, taken.expires_at_s))
      throw new AuthError('auth/nonce-unknown')
    if (clock.nowS() >= taken.expires_at_s) throw new AuthError('auth/nonce-expired')
    return { chainId, origin, account, nonce, expiresAtS: taken.expires_at_s }
  }

  #nonceOf(random: string, account: AccountAddress, expiresAtS: number): Felt {
    const mac = keyedHash(this.#key, random, account, String(expiresAtS)).subarray(0, MAC_BYTES)
    return felt(`0x${random}${Buffer.from(mac).toString('hex')}`)
  }
}

/** The random bytes of a nonce, in hex; a felt has lost its leading zeros. */
function randomPartOf(nonce: Felt): string {
  return nonce
    .slice(2)
    .padStart(2 * (RANDOM_BYTES + MAC_BYTES), '0')
    .slice(0, 2 * RANDOM_BYTES)
}
