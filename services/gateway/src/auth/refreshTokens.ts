import { randomBytes, randomUUID } from 'node:crypto'
import { type AccountAddress, accountSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Database, Transaction } from '../database/database.ts'
import { AuthError } from '../gatewayErrors.ts'
import { isSameMac } from '../keys/isSameMac.ts'
import { type Key, type KeyRing, keyedHash } from '../keys/keyRing.ts'

const DAY_S = 86_400
/** A token that is not used for so long ends. */
const IDLE_S = 7 * DAY_S
/** A sign-in ends after so long, however often it is refreshed. */
const SIGN_IN_S = 30 * DAY_S
/** For so long after its use a token gives the same successor again: the answer was lost, or two tabs asked at once. */
const RETRY_S = 30

const tokenRow = z.object({
  token_hash: z.instanceof(Uint8Array),
  family: z.uuid(),
  account: accountSchema,
  signed_in_at_s: z.number(),
  issued_at_s: z.number(),
  expires_at_s: z.number(),
  used_at_s: z.number().nullable(),
  mac: z.instanceof(Uint8Array),
})
type TokenRow = z.output<typeof tokenRow>
type Unsigned = Omit<TokenRow, 'mac' | 'token_hash'> & { readonly token_hash: Uint8Array }
const COLUMNS = 'token_hash, family, account, signed_in_at_s, issued_at_s, expires_at_s, used_at_s, mac'

/** A refresh token as it goes into the cookie; only a keyed hash of it is stored. */
export type RefreshToken = { readonly token: string; readonly account: AccountAddress; readonly expiresAtS: number }

/**
 * Keeps accounts signed in. Each token is used once and gives the next one, which is derived from it, so that for 30 seconds the same
 * token gives the same successor. Later reuse means that the token was copied, and ends the sign-in for the thief and for the owner.
 * Rows are authenticated: what somebody writes into the table without the master key is not there.
 */
export class RefreshTokens {
  readonly #database: Database
  readonly #clock: Clock
  readonly #hashKey: Key
  readonly #macKey: Key
  readonly #successorKey: Key

  constructor({ database, clock, keys }: { database: Database; clock: Clock; keys: KeyRing }) {
    this.#database = database
    this.#clock = clock
    this.#hashKey = keys.shared('refresh-token-hash')
    this.#macKey = keys.shared('refresh-token-mac')
    this.#successorKey = keys.shared('refresh-token-successor')
  }

  /** The first token of a new sign-in. */
  async start(account: AccountAddress): Promise<RefreshToken> {
    const nowS = this.#clock.nowS()
    const token = randomBytes(32).toString('base64url')
    return this.#database.inShared(async (tx) => {
      await tx.run('DELETE FROM refresh_tokens WHERE expires_at_s < $1', [nowS])
      return this.#issue(tx, token, { account, family: randomUUID(), signed_in_at_s: nowS })
    })
  }

  /**
   * The account of a token that can be used now. Changes nothing but this: a token that was used more than 30 seconds ago ends its sign-in.
   * @throws {AuthError} `auth/token-invalid`: unknown, ended, or used before. `auth/token-expired`
   */
  async accountOf(token: string): Promise<AccountAddress> {
    const { account } = await this.#inOneStep((tx) => this.#usable(tx, token))
    return account
  }

  /**
   * Uses a token up and gives the next one; the same one again within 30 seconds.
   * @throws {AuthError} `auth/token-invalid`: unknown, ended, or used before. `auth/token-expired`
   */
  async rotate(token: string): Promise<RefreshToken> {
    return this.#inOneStep(async (tx) => {
      let current = token
      let known = await this.#usable(tx, current)
      // Within the 30 seconds the successor may have been used as well: then the newest one is what the other tab has.
      while (!(known instanceof AuthError) && known.used_at_s !== null) {
        current = this.#successorOf(current)
        const next = await this.#find(tx, current)
        if (next === undefined) return new AuthError('auth/token-invalid')
        if (next.used_at_s === null) return { token: current, account: next.account, expiresAtS: next.expires_at_s }
        known = next
      }
      if (known instanceof AuthError) return known
      const used = { ...known, used_at_s: this.#clock.nowS() }
      await tx.run('UPDATE refresh_tokens SET used_at_s = $2, mac = $3 WHERE token_hash = $1', [
        known.token_hash,
        used.used_at_s,
        this.#macOf(used),
      ])
      return this.#issue(tx, this.#successorOf(current), known)
    })
  }

  /** Ends the sign-in that a token belongs to; an unknown one ends nothing. */
  async end(token: string): Promise<void> {
    await this.#database.inShared(async (tx) => {
      const known = await this.#find(tx, token)
      if (known !== undefined) await endFamily(tx, known)
    })
  }

  /** A failure that the work returns is thrown after the transaction, so that what it wrote is kept. */
  async #inOneStep<T>(work: (tx: Transaction) => Promise<T | AuthError>): Promise<T> {
    const result = await this.#database.inShared(work)
    if (result instanceof AuthError) throw result
    return result
  }

  async #usable(tx: Transaction, token: string): Promise<TokenRow | AuthError> {
    const nowS = this.#clock.nowS()
    const known = await this.#find(tx, token)
    if (known === undefined) return new AuthError('auth/token-invalid')
    // A clock that was set back makes these seconds no longer.
    if (known.used_at_s !== null && Math.abs(nowS - known.used_at_s) > RETRY_S) {
      await endFamily(tx, known)
      return new AuthError('auth/token-invalid')
    }
    return nowS >= known.expires_at_s ? new AuthError('auth/token-expired') : known
  }

  /** The row of a token, locked; undefined when there is none, or when it was not written with our key. */
  async #find(tx: Transaction, token: string): Promise<TokenRow | undefined> {
    const found = await tx.first(tokenRow, `SELECT ${COLUMNS} FROM refresh_tokens WHERE token_hash = $1 FOR UPDATE`, [this.#hashOf(token)])
    return found !== undefined && isSameMac(found.mac, this.#macOf(found)) ? found : undefined
  }

  async #issue(
    tx: Transaction,
    token: string,
    { account, family, signed_in_at_s }: Pick<TokenRow, 'account' | 'family' | 'signed_in_at_s'>,
  ): Promise<RefreshToken> {
    const nowS = this.#clock.nowS()
    const expiresAtS = Math.min(nowS + IDLE_S, signed_in_at_s + SIGN_IN_S)
    const row = { token_hash: this.#hashOf(token), family, account, signed_in_at_s, issued_at_s: nowS, expires_at_s: expiresAtS }
    await tx.run(`INSERT INTO refresh_tokens (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)`, [
      row.token_hash,
      family,
      account,
      signed_in_at_s,
      nowS,
      expiresAtS,
      this.#macOf({ ...row, used_at_s: null }),
    ])
    return { token, account, expiresAtS }
  }

  /** 256 random bits need no slow hash. */
  #hashOf(token: string): Uint8Array {
    return keyedHash(this.#hashKey, token)
  }

  #successorOf(token: string): string {
    return Buffer.from(keyedHash(this.#successorKey, token)).toString('base64url')
  }

  #macOf({ token_hash, family, account, signed_in_at_s, issued_at_s, expires_at_s, used_at_s }: Unsigned): Uint8Array {
    const times = [signed_in_at_s, issued_at_s, expires_at_s, used_at_s ?? 'unused'].map(String)
    return keyedHash(this.#macKey, Buffer.from(token_hash).toString('hex'), family, account, ...times)
  }
}

async function endFamily(tx: Transaction, { family }: TokenRow): Promise<void> {
  await tx.run('DELETE FROM refresh_tokens WHERE family = $1', [family])
}
