import type { Circle, Seat } from '../context/circle.ts'

const SPACE = 'shares'
/** Nothing else of this space stands under it, or comes after it, for long: ended rounds are looked up one by one. */
const ROUNDS = 'round/'

/** What one hospital keeps of its rounds, in its node's vault only. */
export class RoundVault {
  readonly #circle: Circle
  readonly #seat: Seat

  constructor(circle: Circle, seat: Seat) {
    this.#circle = circle
    this.#seat = seat
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
    const rounds: string[] = []
    let after: string | null = ROUNDS
    while (after !== null) {
      const page: { keys: string[]; next: string | null } = await this.#circle.call(this.#seat, 'list_private', {
        space: SPACE,
        after,
        limit: 200,
      })
      const ours = page.keys.filter((key) => key.startsWith(ROUNDS))
      for (const [, round, kept] of ours.map((key) => key.split('/'))) if (round !== undefined && kept === name) rounds.push(round)
      after = ours.length < page.keys.length ? null : page.next
    }
    return rounds
  }

  /** What is known of a round that ended; undefined when nothing is. */
  async ended(round: string): Promise<unknown> {
    return await this.#read(`ended/${round}`)
  }

  async putEnded(round: string, value: unknown): Promise<void> {
    await this.#write(`ended/${round}`, value)
  }

  async #read(key: string): Promise<unknown> {
    const value = await this.#circle.call(this.#seat, 'get_private', { space: SPACE, key })
    return value === null ? undefined : JSON.parse(Buffer.from(value, 'base64').toString('utf8'))
  }

  async #write(key: string, value: unknown): Promise<void> {
    const value_base64 = Buffer.from(JSON.stringify(value), 'utf8').toString('base64')
    await this.#circle.call(this.#seat, 'put_private', { space: SPACE, key, value_base64 })
  }
}

const keyOf = (round: string, name: string): string => `${ROUNDS}${round}/${name}`
