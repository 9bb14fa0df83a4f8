import type { Spending } from '@medsync/protocol/sharing'
import * as z from 'zod'
import type { RoundVault } from './roundVault.ts'
import { distinctTold, missingFrom, type Told, toldSchema } from './statisticsTold.ts'

const spentSchema = z.object({ epsilonMilli: z.number(), deadlineS: z.number(), hospitals: z.array(z.string()).readonly() })
const keptSchema = z.union([z.object({ told: z.array(toldSchema) }), z.object({ spent: spentSchema })])

/** What a hospital remembers of a round, from before it says what cannot be unsaid. */
export type Remembered = { readonly told: readonly Told[] } | { readonly spent: Omit<Spending, 'round'> }

/**
 * What a hospital's answers told, and what its noise cost. It is kept in the hospital's own vault and written before the answer is given: nothing that anybody writes into
 * the circle, or takes out of it, changes it.
 */
export class RoundMemory {
  readonly #vault: RoundVault
  #kept: Promise<Map<string, Remembered>> | undefined

  constructor(vault: RoundVault) {
    this.#vault = vault
  }

  /** What was told of a field, each once: the own answers, and those that others made known. */
  async toldOf(field: string): Promise<Told[]> {
    const all = [...(await this.#all()).values()].flatMap((kept) => ('told' in kept ? kept.told : []))
    return distinctTold(all.filter((told) => told.field === field))
  }

  /** What each round with noise cost this hospital. */
  async spendings(): Promise<Spending[]> {
    return [...(await this.#all())].flatMap(([round, kept]) => ('spent' in kept ? [{ round, ...kept.spent }] : []))
  }

  /** Keeps something of a round; the same again changes nothing. */
  async remember(round: string, remembered: Remembered): Promise<void> {
    const all = await this.#all()
    await this.#vault.putTold(round, remembered)
    all.set(round, remembered)
  }

  /** Keeps what another hospital remembers and this one does not, because it was away. More can only forbid. */
  async learn(round: string, told: readonly Told[]): Promise<void> {
    const known = [...(await this.#all()).values()].flatMap((kept) => ('told' in kept ? kept.told : []))
    const unknown = missingFrom(told, known)
    if (unknown.length > 0) await this.remember(round, { told: unknown })
  }

  async #all(): Promise<Map<string, Remembered>> {
    this.#kept ??= this.#load()
    try {
      return await this.#kept
    } catch (failure) {
      this.#kept = undefined
      throw failure
    }
  }

  async #load(): Promise<Map<string, Remembered>> {
    const all = new Map<string, Remembered>()
    for (const round of await this.#vault.toldRounds()) all.set(round, keptSchema.parse(await this.#vault.told(round)))
    return all
  }
}
