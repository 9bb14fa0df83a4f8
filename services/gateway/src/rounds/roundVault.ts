import type { Circle, Seat } from '../context/circle.ts'

const SPACE = 'shares'

/** What one hospital keeps of its rounds, in its node's vault only. */
export class RoundVault {
  readonly #circle: Circle
  readonly #seat: Seat

  constructor(circle: Circle, seat: Seat) {
    this.#circle = circle
    this.#seat = seat
  }

  /** Undefined when there is nothing under that name. */
  async get(round: string, name: string): Promise<unknown> {
    const value = await this.#circle.call(this.#seat, 'get_private', { space: SPACE, key: keyOf(round, name) })
    return value === null ? undefined : JSON.parse(Buffer.from(value, 'base64').toString('utf8'))
  }

  async put(round: string, name: string, value: unknown): Promise<void> {
    const value_base64 = Buffer.from(JSON.stringify(value), 'utf8').toString('base64')
    await this.#circle.call(this.#seat, 'put_private', { space: SPACE, key: keyOf(round, name), value_base64 })
  }

  async remove(round: string, name: string): Promise<void> {
    await this.#circle.call(this.#seat, 'remove_private', { space: SPACE, key: keyOf(round, name) })
  }

  /** Rounds of which something is kept under a name. */
  async roundsWith(name: string): Promise<string[]> {
    const rounds: string[] = []
    let after: string | null = 'round/'
    while (after !== null) {
      const page: { keys: string[]; next: string | null } = await this.#circle.call(this.#seat, 'list_private', {
        space: SPACE,
        after,
        limit: 200,
      })
      for (const key of page.keys) {
        const [space, round, kept] = key.split('/')
        if (space === 'round' && round !== undefined && kept === name) rounds.push(round)
      }
      after = page.next
    }
    return rounds
  }
}

const keyOf = (round: string, name: string): string => `round/${round}/${name}`
