import * as z from 'zod'
import { UrgencyError } from './errors.ts'
import type { UrgencyScore } from './scoreUrgency.ts'

/** What a clinician decides about a score: the score it shall be (the same one confirms it), why, who and when. */
export const overrideSchema = z.strictObject({
  score: z.int().min(0).max(100),
  /** Needed to change a score, kept with it, shown to whoever asks why. */ reason: z.string().trim().max(500),
  /** Account or staff id of the clinician. */ by: z.string().trim().min(1).max(200),
  /** Seconds since 1970. */ atS: z.int().min(0),
})
export type Override = z.output<typeof overrideSchema>

/** A decision, and what was on the screen when it was made. */
export type Decision = Override & {
  readonly kind: 'confirmed' | 'raised' | 'lowered'
  readonly sawVersion: string
  readonly sawFloor: number
  readonly sawScore: number
}

/** The score that counts, by whom, and whether a decision has lapsed. */
export type ScoreInForce = { readonly score: number; readonly decision: Decision | undefined; readonly lapsed: Decision | undefined }

const MIN_REASON_LETTERS = 10

/**
 * A clinician's decision about a score. The score itself stays as it is, with its evidence.
 * @throws {UrgencyError} Not of the schema, or a change without a reason of at least 10 letters.
 */
export function decideScore(seen: UrgencyScore, input: unknown): Decision {
  const parsed = overrideSchema.safeParse(input)
  if (!parsed.success)
    throw new UrgencyError('urgency/override-malformed', parsed.error.issues.map(({ path }) => path.join('.')).join(', '))
  const override = parsed.data
  if (override.score !== seen.score && override.reason.length < MIN_REASON_LETTERS) throw new UrgencyError('urgency/override-unreasoned')
  const kind = override.score === seen.score ? 'confirmed' : override.score > seen.score ? 'raised' : 'lowered'
  return { ...override, kind, sawVersion: seen.version, sawFloor: seen.floor, sawScore: seen.score }
}

/**
 * The score that counts after re-scoring. A raise stands as long as the computed score is below it. What was lowered or confirmed stands until the
 * computed score rises above the lowest that it has been since, and above the decision, or the rules change: then something is known that was not decided
 * upon, and the computed score counts from there on.
 * @param since - The computed scores between the decision and now, oldest first.
 */
export function scoreInForce(now: UrgencyScore, decision: Decision | undefined, since: readonly number[] = []): ScoreInForce {
  if (decision === undefined) return { score: now.score, decision, lapsed: undefined }
  const isOutgrown =
    decision.kind === 'raised'
      ? now.score > decision.score
      : hasRisen(decision, [...since, now.score]) || now.version !== decision.sawVersion
  return isOutgrown ? { score: now.score, decision: undefined, lapsed: decision } : { score: decision.score, decision, lapsed: undefined }
}

function hasRisen({ score, sawScore }: Decision, computed: readonly number[]): boolean {
  let lowest = sawScore
  for (const each of computed) {
    if (each > Math.max(lowest, score)) return true
    lowest = Math.min(lowest, each)
  }
  return false
}
