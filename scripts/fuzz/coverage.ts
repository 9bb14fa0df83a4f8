import type { Outcome } from '../../test/model/world.ts'
import { abiFelts } from './feltsOf.ts'

const CONTRACTS = ['participants', 'consentRegistry', 'accessLog', 'rewardPool'] as const

/** How often each function of the contracts went through, and how often it refused with which text. */
export class Coverage {
  readonly #counts = new Map<string, Map<string, number>>()

  constructor() {
    for (const kind of CONTRACTS) {
      for (const fn of abiFelts[kind]?.externals() ?? []) this.#counts.set(`${kind}.${fn}`, new Map())
    }
  }

  hear(kind: string, fn: string, outcome: Outcome): void {
    const counts = this.#counts.get(`${kind}.${fn}`)
    const how = outcome.isOk ? 'ok' : outcome.error
    counts?.set(how, (counts.get(how) ?? 0) + 1)
  }

  /** Functions that never went through, or never refused. */
  gaps(): string[] {
    return [...this.#counts].flatMap(([name, counts]) => {
      // A text of a contract, not of the machine below it.
      const refusals = [...counts.keys()].filter((how) => /^[A-Z][a-z]+: /.test(how)).length
      return [...(counts.has('ok') ? [] : [`${name} never went through`]), ...(refusals > 0 ? [] : [`${name} never refused`])]
    })
  }

  /** How many different refusals were met. */
  refusals(): number {
    return [...this.#counts.values()].reduce((sum, counts) => sum + [...counts.keys()].filter((how) => how !== 'ok').length, 0)
  }

  /** One line for each function. */
  table(): string {
    const rows = [...this.#counts].map(([name, counts]) => {
      const refused = [...counts].filter(([how]) => how !== 'ok').sort(([, one], [, other]) => other - one)
      return `${name.padEnd(42)} ${String(counts.get('ok') ?? 0).padStart(7)}  ${refused.map(([how, count]) => `${how} ${count}`).join(', ')}`
    })
    return [`${'function'.padEnd(42)} ${'ok'.padStart(7)}  refused`, ...rows].join('\n')
  }
}
