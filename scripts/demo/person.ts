import { type Deployment, execute, type Receipt, waitForTransaction } from '@medsync/chain'
import {
  type AccountAddress,
  account,
  type ConsentSecret,
  challengeSchema,
  consentSecretFrom,
  consentSecretTypedData,
  errorAnswerSchema,
  sessionSchema,
} from '@medsync/protocol'
import { type Account, type Call, stark, type TypedData } from 'starknet'
import type * as z from 'zod'
import { RefusedError } from './refusedError.ts'

/** Where a person finds MedSync. */
export type Place = { readonly origin: string; readonly deployment: Deployment }

/** One person with an account: what a portal does in a browser, without one. */
export class Person {
  readonly address: AccountAddress
  readonly place: Place
  readonly #account: Account
  #token = ''

  constructor(place: Place, wallet: Account) {
    this.place = place
    this.#account = wallet
    this.address = account(wallet.address)
  }

  /** Signs in with the account (SNIP-12). */
  async signIn(): Promise<void> {
    const challenge = await this.ask('POST', '/auth/challenge', challengeSchema, { account: this.address })
    const signature = await this.#sign(challenge.typedData as TypedData)
    const session = await this.ask('POST', '/auth/session', sessionSchema, { account: this.address, nonce: challenge.nonce, signature })
    this.#token = session.accessToken
  }

  /** The secret that only this wallet can bring back. */
  async secret(): Promise<ConsentSecret> {
    const message = consentSecretTypedData(this.place.deployment.chainId)
    return consentSecretFrom(await this.#sign(message), await this.#sign(message))
  }

  /**
   * Asks the gateway.
   * @throws {RefusedError} With the gateway's own words.
   */
  async ask<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, answer: z.ZodType<T>, body?: unknown): Promise<T> {
    return await this.#fetch(path, answer, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  }

  /** Sends a file as it is. */
  async upload<T>(path: string, answer: z.ZodType<T>, bytes: Uint8Array): Promise<T> {
    return await this.#fetch(path, answer, {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/fhir+json', 'content-encoding': 'gzip' },
    })
  }

  /** Signs and sends calls, and waits until they are in a block. */
  async send(calls: Call[]): Promise<Receipt> {
    return await waitForTransaction(this.place.deployment, await execute(this.#account, calls), { everyMs: 50 })
  }

  async #sign(message: TypedData): Promise<string[]> {
    return stark.formatSignature(await this.#account.signMessage(message)).map((part) => `0x${BigInt(part).toString(16)}`)
  }

  async #fetch<T>(path: string, answer: z.ZodType<T>, init: RequestInit): Promise<T> {
    const headers = {
      ...init.headers,
      origin: this.place.origin,
      ...(this.#token === '' ? {} : { authorization: `Bearer ${this.#token}` }),
    }
    const response = await fetch(`${this.place.origin}/api${path}`, { ...init, headers, signal: AbortSignal.timeout(60_000) })
    const parsed: unknown = response.status === 204 ? undefined : await response.json()
    if (response.ok) return answer.parse(parsed)
    const { code, message, hint } = errorAnswerSchema.parse(parsed)
    throw new RefusedError(response.status, code, `${message} ${hint}`)
  }
}
