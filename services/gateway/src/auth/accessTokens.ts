import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { type AccountAddress, accountSchema, type Felt } from '@medsync/protocol'
import { errors, jwtVerify, SignJWT } from 'jose'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { AuthError } from '../gatewayErrors.ts'
import type { Key } from '../keys/keyRing.ts'

/** How long an access token lives, seconds. */
export const ACCESS_TOKEN_S = 600

const claims = z.object({ sub: accountSchema, exp: z.number().int(), chain: z.string() })
const AUDIENCE = 'medsync'

/** Says which account is signed in; nothing of what it may do. */
export type AccessToken = { readonly token: string; readonly expiresAtS: number }

/** Makes and checks the short-lived tokens of signed-in accounts (JWT, EdDSA, bound to this site and chain). */
export class AccessTokens {
  readonly #privateKey: KeyObject
  readonly #publicKey: KeyObject
  readonly #bound: { readonly issuer: string; readonly chainId: Felt; readonly clock: Clock }

  /**
   * @param seed - Ed25519 private key, 32 bytes; derived from the master key, so tokens outlive a restart.
   * @param bound.issuer - Origin of this gateway; a token of another one is not taken.
   */
  constructor(seed: Key, bound: { issuer: string; chainId: Felt; clock: Clock }) {
    this.#privateKey = createPrivateKey({ key: pkcs8OfSeed(seed), format: 'der', type: 'pkcs8' })
    this.#publicKey = createPublicKey(this.#privateKey)
    this.#bound = bound
  }

  async issue(account: AccountAddress): Promise<AccessToken> {
    const nowS = this.#bound.clock.nowS()
    const expiresAtS = nowS + ACCESS_TOKEN_S
    const token = await new SignJWT({ chain: this.#bound.chainId })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .setSubject(account)
      .setIssuer(this.#bound.issuer)
      .setAudience(AUDIENCE)
      .setIssuedAt(nowS)
      .setExpirationTime(expiresAtS)
      .sign(this.#privateKey)
    return { token, expiresAtS }
  }

  /**
   * The account of a token.
   * @throws {AuthError} `auth/token-expired`, or `auth/token-invalid` for anything that this gateway did not issue for this site and chain.
   */
  async verify(token: string): Promise<{ account: AccountAddress; expiresAtS: number }> {
    const { issuer, clock, chainId } = this.#bound
    const verified = await jwtVerify(token, this.#publicKey, {
      issuer,
      audience: AUDIENCE,
      algorithms: ['EdDSA'],
      typ: 'at+jwt',
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: new Date(clock.nowS() * 1_000),
    }).catch((cause) => {
      throw new AuthError(cause instanceof errors.JWTExpired ? 'auth/token-expired' : 'auth/token-invalid', '', { cause })
    })
    const parsed = claims.safeParse(verified.payload)
    if (!parsed.success || parsed.data.chain !== chainId) throw new AuthError('auth/token-invalid')
    return { account: parsed.data.sub, expiresAtS: parsed.data.exp }
  }
}

/** RFC 8410: the fixed header of an Ed25519 private key, then its seed. */
function pkcs8OfSeed(seed: Key): Buffer {
  return Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
}
