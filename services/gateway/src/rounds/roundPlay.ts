import type { RankingResult, StatisticsResult } from '@medsync/protocol'
import type { Remembered } from './roundMemory.ts'
import type { RoundSeed } from './roundSeed.ts'

/** A step of a round's plan. A message that is too large for one contribution goes in several parts, each in a step of the app's own. */
export type RoundStep = {
  readonly name: string
  readonly parts: number
  /** How many must contribute before it may be closed: all who counted in the step before, or so many of them. */
  readonly needs: 'all' | number
}

/** A hospital's message of a step: what all may read, and what only one may. Sealing is the engine's. */
export type StepMessage = { readonly body: unknown; readonly sealed: ReadonlyMap<string, Uint8Array> }
/** What came from one hospital. `sealed` is undefined when nothing was for this one, or it did not open. */
export type ReceivedMessage = { readonly from: string; readonly body: unknown; readonly sealed: Uint8Array | undefined }

/** Where and as whom a round is played. Hospitals are known by their executors. */
export type RoundPlace = {
  readonly round: string
  readonly me: string
  readonly threshold: number
  readonly seed: RoundSeed
}

/** A public result by executors instead of organisations. */
export type PlayResult =
  | StatisticsResult
  | (Omit<RankingResult, 'nonces'> & { readonly nonces: readonly { readonly hospital: string; readonly nonce: string }[] })

/** What a round gave at this hospital. */
export type RoundOutcome = {
  /** The same at every hospital. */ readonly result: PlayResult
  /** Who sent false shares that were left out. */ readonly tampered: readonly string[]
  /** Of a ranking: the ranks of this hospital's cases, in their order; undefined when an answer about them was false. */ readonly ranks:
    | readonly number[]
    | undefined
}

/**
 * What is computed in a round, at one hospital: a function of the seed, the inputs and the messages, with no side effects, so that it can be played again
 * from the beginning after a crash.
 */
export type RoundPlay = {
  /** The steps after the joining. */
  readonly steps: readonly RoundStep[]
  /** Who joined, in the order of their points. */
  begin(hospitals: readonly string[]): void
  /** This hospital's message. `counted`: who counted in the step before. */
  compose(step: string, counted: readonly string[]): StepMessage
  /** What this hospital has to remember, for good, before it says its message of a step. */
  remembered(step: string): Remembered | undefined
  /**
   * Takes the messages of a closed step, own one included.
   * @throws {RoundBlame | ShareError} What they say cannot be, naming who said it.
   */
  take(step: string, messages: readonly ReceivedMessage[]): void
  /** Once there is one; after the last step there always is. */
  outcome(): RoundOutcome | undefined
}
