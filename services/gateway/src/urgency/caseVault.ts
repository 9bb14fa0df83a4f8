import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { ContextUnavailableError } from '@medsync/context'
import type { OrganisationId } from '@medsync/protocol'
import type * as z from 'zod'
import type { Circle, Seat } from '../context/circle.ts'
import type { Key, KeyRing } from '../keys/keyRing.ts'
import { open, seal } from '../keys/seal.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)
const PAGE = 200

/** Where in a vault: observations and notes as they came, or what was made of them. */
export type Space = 'observations' | 'scores'

/**
 * What a hospital keeps of its cases, in the private storage of its own place in the circle: on its own node, in no shared state. Sealed once
 * more under a key of the hospital, so the node's files alone say nothing. A value is written whole or not at all.
 */
export class CaseVault {
  readonly #circle: Circle
  readonly #keys: KeyRing

  constructor({ circle, keys }: { readonly circle: Circle; readonly keys: KeyRing }) {
    this.#circle = circle
    this.#keys = keys
  }

  /** Keeps a value under a key, in place of an earlier one. @throws {ContextUnavailableError} The vault cannot be reached. */
  async put(organisation: OrganisationId, space: Space, key: string, value: unknown): Promise<void> {
    const seat = this.#seatOf(organisation)
    const sealed = seal(this.#keyOf(seat), await compress(JSON.stringify(value)), placeOf(space, key))
    await this.#circle.call(seat, 'put_private', { space, key, value_base64: Buffer.from(sealed).toString('base64') })
  }

  /** What is kept under a key. @throws {ContextUnavailableError | RecordError} It cannot be reached, or not be opened. */
  async get<T>(organisation: OrganisationId, space: Space, key: string, shape: z.ZodType<T>): Promise<T | undefined> {
    const seat = this.#seatOf(organisation)
    const kept = await this.#circle.call(seat, 'get_private', { space, key })
    if (kept === null) return undefined
    const packed = open(this.#keyOf(seat), Buffer.from(kept, 'base64'), placeOf(space, key))
    return shape.parse(JSON.parse((await decompress(packed)).toString('utf8')))
  }

  /** All keys that begin so, in order. */
  async keys(organisation: OrganisationId, space: Space, prefix: string): Promise<string[]> {
    const seat = this.#seatOf(organisation)
    const found: string[] = []
    let after: string | null = prefix
    while (after !== null) {
      const { keys, next }: { keys: string[]; next: string | null } = await this.#circle.call(seat, 'list_private', {
        space,
        after,
        limit: PAGE,
      })
      const mine = keys.filter((key) => key.startsWith(prefix))
      found.push(...mine)
      after = mine.length < keys.length ? null : next
    }
    return found
  }

  /** Its own place and no other: whoever has none has no vault. */
  #seatOf(organisation: OrganisationId): Seat {
    const seat = this.#circle.seats.find((each) => each.organisation === organisation)
    if (seat === undefined) throw new ContextUnavailableError()
    return seat
  }

  #keyOf({ name }: Seat): Key {
    return this.#keys.ofTenant(name, 'case-vault')
  }
}

function placeOf(space: Space, key: string): string {
  return `case-vault|${space}|${key}`
}
