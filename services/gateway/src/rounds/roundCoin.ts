import { commitToNonce, jointCoin } from '@medsync/protocol/sharing'
import * as z from 'zod'
import { openBodies } from './openBody.ts'
import type { ReceivedMessage, RoundPlace } from './roundPlay.ts'

const committedSchema = z.object({ nonce: z.string().regex(/^[0-9a-f]{64}$/) })
const tossedSchema = z.strictObject({ nonce: z.string().regex(/^[0-9a-f]{64}$/) })

/** The coin of a round: every dealer commits to a nonce with its shares, and shows it when all that must be fixed is. */
export class RoundCoin {
  readonly #place: RoundPlace
  #commitments: ReadonlyMap<string, string> = new Map()
  #nonces: ReadonlyMap<string, string> = new Map()

  constructor(place: RoundPlace) {
    this.#place = place
  }

  /** What this hospital says when it deals. */
  get commitment(): string {
    return commitToNonce({ round: this.#place.round, hospital: this.#place.me }, this.#nonce)
  }

  /** What it says when it tosses. */
  get reveal(): { readonly nonce: string } {
    return { nonce: Buffer.from(this.#nonce).toString('hex') }
  }

  /** The nonces that gave the coin. */
  get nonces(): { hospital: string; nonce: string }[] {
    return [...this.#nonces].map(([hospital, nonce]) => ({ hospital, nonce }))
  }

  takeCommitments(messages: readonly ReceivedMessage[]): void {
    this.#commitments = new Map([...openBodies(messages, committedSchema)].map(([from, { nonce }]) => [from, nonce]))
  }

  /** @throws {ShareError} `sharing/false-nonce` */
  takeNonces(messages: readonly ReceivedMessage[]): Uint8Array {
    const nonces = openBodies(messages, tossedSchema)
    const reveals = [...nonces].map(([hospital, { nonce }]) => ({
      hospital,
      commitment: this.#commitments.get(hospital) ?? '',
      nonce: new Uint8Array(Buffer.from(nonce, 'hex')),
    }))
    this.#nonces = new Map([...nonces].map(([hospital, { nonce }]) => [hospital, nonce]))
    return jointCoin(this.#place.round, reveals)
  }

  get #nonce(): Uint8Array {
    return this.#place.seed.bytes('nonce')
  }
}
