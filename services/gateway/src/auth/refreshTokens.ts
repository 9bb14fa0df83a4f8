import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { type AccountAddress, accountSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Database, Transaction } from '../database/database.ts'
import { AuthError } from '../gatewayErrors.ts'

const DAY_S = 86_400
/** A token that is not used for so long ends. */
const IDLE_S = 7 * DAY_S
/** A sign-in ends after so long, however often it is refreshed. */
const SIGN_IN_S = 30 * DAY_S

const tokenRow = z.object({
  family: z.uuid(),
  account: accountSchema,
  signed_in_at_s: z.number(),
  expires_at_s: z.number(),
  used_at_s: z.number().nullable(),
})

/** A refresh token as it goes into the cookie; only its hash is kept. */
export type RefreshToken = { readonly token: string; readonly account: AccountAddress; readonly expiresAtS: number }

/**
 * Keeps accounts signed in. Each token works once and gives the next; one that comes a second time was stolen or copied, and ends the sign-in it belongs to,
 * for the thief and for the owner.
 */
export class RefreshTokens {
  readonly #database: Database
  readonly #clock: Clock

  constructor({ database, clock }: { database: Database; clock: Clock }) {
    this.#database = database
    this.#clock = clock
  }

  /** The first token of a new sign-in. */
  async start(account: AccountAddress): Promise<RefreshToken> {
    const nowS = this.#clock.nowS()
    return this.#database.inShared(async (tx) => {
      await tx.run('DELETE FROM refresh_tokens WHERE expires_at_s < $1', [nowS])
      return this.#issue(tx, { account, family: randomUUID(), signedInAtS: nowS })
    })
  }

  /**
   * Uses a token up and gives the next one.
   * @throws {AuthError} `auth/token-invalid`: unknown, ended, or used before. `auth/token-expired`
   */
  async rotate(token: string): Promise<RefreshToken> {
    const nowS = this.#clock.nowS()
    const next = await this.#database.inShared(async (tx) => {
      const known = await tx.first(
        tokenRow,
        'SELECT family, account, signed_in_at_s, expires_at_s, used_at_s FROM refresh_tokens WHERE token_hash = $1 FOR UPDATE',
        [hashOf(token)],
      )
      if (known === undefined) return new AuthError('auth/token-invalid')
      if (known.used_at_s !== null) {
        // Answered after the transaction, so that the end of the family is kept.
        await tx.run('DELETE FROM refresh_tokens WHERE family = $1', [known.family])
        return new AuthError('auth/token-invalid')
      }
      if (nowS >= known.expires_at_s) return new AuthError('auth/token-expired')
      await tx.run('UPDATE refresh_tokens SET used_at_s = $2 WHERE token_hash = $1', [hashOf(token), nowS])
      return this.#issue(tx, { account: known.account, family: known.family, signedInAtS: known.signed_in_at_s })
    })
    if (next instanceof AuthError) throw next
    return next
  }

  /** Ends the sign-in that a token belongs to; an unknown one ends nothing. */
  async end(token: string): Promise<void> {
    await this.#database.inShared((tx) =>
      tx.run('DELETE FROM refresh_tokens WHERE family = (SELECT family FROM refresh_tokens WHERE token_hash = $1)', [hashOf(token)]),
    )
  }

  async #issue(
    tx: Transaction,
    { account, family, signedInAtS }: { account: AccountAddress; family: string; signedInAtS: number },
  ): Promise<RefreshToken> {
    const token = randomBytes(32).toString('base64url')
    const nowS = this.#clock.nowS()
    const expiresAtS = Math.min(nowS + IDLE_S, signedInAtS + SIGN_IN_S)
    await tx.run(
      'INSERT INTO refresh_tokens (token_hash, family, account, signed_in_at_s, issued_at_s, expires_at_s) VALUES ($1, $2, $3, $4, $5, $6)',
      [hashOf(token), family, account, signedInAtS, nowS, expiresAtS],
    )
    return { token, account, expiresAtS }
  }
}

/** 256 random bits need no slow hash. */
function hashOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}
