import * as z from 'zod'
import type { Circle, Seat } from '../context/circle.ts'
import { openJson, sealJson } from '../context/sealedJson.ts'
import type { Key } from '../keys/keyRing.ts'

const SPACE = 'shares'
/** Keys are listed in their order: what is under way, then what is remembered. Ended rounds are looked up one by one. */
const ROUNDS = 'round/'
const TOLD = 'told/'

/** What one hospital keeps of its rounds, in its node's vault only. A ranking keeps scores and a seed there, so all is sealed once more: the node's files alone say nothing. */
export class RoundVault {
  readonly #circle: Circle
  readonly #seat: Seat
  readonly #key: Key

  constructor(circle: Circle, seat: Seat, key: Key) {
    this.#circle = circle
    this.#seat = seat
    this.#key = key
  }

  /** What is kept of a round that is under way; undefined when there is nothing under that name. */
  async get(round: string, name: string): Promise<unknown> {
    return await this.#read(keyOf(round, name))
  }

  async put(round: string, name: string, value: unknown): Promise<void> {
    await this.#write(keyOf(round, name), value)
  }

  async remove(round: string, name: string): Promise<void> {
    await this.#circle.call(this.#seat, 'remove_private', { space: SPACE, key: keyOf(round, name) })
  }

  /** Rounds of which something is kept under a name. */
  async roundsWith(name: string): Promise<string[]> {
    const keys = (await this.#keysUnder(ROUNDS)).map((key) => key.split('/'))
    return keys.flatMap(([, round, kept]) => (round !== undefined && kept === name ? [round] : []))
  }

  /** What is remembered of a round for good. */
  async told(round: string): Promise<unknown> {
    return await this.#read(`${TOLD}${round}`)
  }

  async putTold(round: string, value: unknown): Promise<void> {
    await this.#write(`${TOLD}${round}`, value)
  }

  /** Rounds of which something is remembered. */
  async toldRounds(): Promise<string[]> {
    return (await this.#keysUnder(TOLD)).map((key) => key.slice(TOLD.length))
  }

  /** What is known of a round that ended; undefined when nothing is. */
  async ended(round: string): Promise<unknown> {
    return await this.#read(`ended/${round}`)
  }

  async putEnded(round: string, value: unknown): Promise<void> {
    await this.#write(`ended/${round}`, value)
  }

  async #keysUnder(prefix: string): Promise<string[]> {
    const keys: string[] = []
    let after: string | null = prefix
    while (after !== null) {
      const page: { keys: string[]; next: string | null } = await this.#circle.call(this.#seat, 'list_private', {
        space: SPACE,
        after,
        limit: 200,
      })
      const ours = page.keys.filter((key) => key.startsWith(prefix))
      keys.push(...ours)
      after = ours.length < page.keys.length ? null : page.next
    }
    return keys
  }

  async #read(key: string): Promise<unknown> {
    const value = await this.#circle.call(this.#seat, 'get_private', { space: SPACE, key })
    return value === null ? undefined : openJson(this.#key, Buffer.from(value, 'base64'), placeOf(key), z.unknown())
  }

  async #write(key: string, value: unknown): Promise<void> {
    const value_base64 = Buffer.from(sealJson(this.#key, value, placeOf(key))).toString('base64')
    await this.#circle.call(this.#seat, 'put_private', { space: SPACE, key, value_base64 })
  }
}

const placeOf = (key: string): string => `round-vault|${key}`
const keyOf = (round: string, name: string): string => `${ROUNDS}${round}/${name}`
