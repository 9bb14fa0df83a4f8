import { RANKING_SLOTS, statisticsQuestionSchema } from '@medsync/protocol'
import * as z from 'zod'
import { rankingSteps } from './rankingPlay.ts'
import type { RoundStep } from './roundPlay.ts'
import { JOIN, needsToJoin } from './roundSteps.ts'
import { statisticsSteps } from './statisticsPlay.ts'
import { toldSchema } from './statisticsTold.ts'

/** How deep parameters may be nested; criteria are FHIR, some ten deep. */
const MOST_DEPTH = 64
const MOST_TOLD = 500
const stepS = z.number().int().min(1).max(120)
const statisticsParameters = z.strictObject({
  v: z.literal(1),
  stepS,
  question: statisticsQuestionSchema,
  /** Who came to a hospital later is not counted, and what was measured later is not looked at. Unix seconds. */
  asOfS: z.number().int().min(0),
  /** What the opener remembers of the field's answers; who remembers more takes no part, and says what. Nothing for a question with noise. */
  told: z.array(toldSchema).max(MOST_TOLD),
})
const rankingParameters = z.strictObject({
  v: z.literal(1),
  stepS,
  slots: z.literal(RANKING_SLOTS),
  /** `URGENCY_VERSION` of the opener: scores by other rules are not compared. */
  rules: z.string().max(40),
})

/** What a round of ours is opened with, by kind. */
export type RoundParameters =
  | ({ readonly kind: 'statistics' } & z.output<typeof statisticsParameters>)
  | ({ readonly kind: 'ranking' } & z.output<typeof rankingParameters>)

/** As they stand in the circle. */
export function writeParameters({ kind: _, ...parameters }: RoundParameters): string {
  return JSON.stringify(parameters)
}

/** Undefined when the kind is not ours, or the parameters are not of it: any member may write any. */
export function readParameters(kind: string, text: string): RoundParameters | undefined {
  if (kind === 'statistics') {
    const read = statisticsParameters.safeParse(json(text)).data
    return read === undefined ? undefined : { kind, ...read }
  }
  if (kind !== 'ranking') return undefined
  const read = rankingParameters.safeParse(json(text)).data
  return read === undefined ? undefined : { kind, ...read }
}

/** All steps of a round, the joining first. */
export function stepsOf(parameters: RoundParameters, parties: number, threshold: number): RoundStep[] {
  const join: RoundStep = { name: JOIN, parts: 1, needs: needsToJoin(threshold) }
  return [join, ...(parameters.kind === 'statistics' ? statisticsSteps(threshold) : rankingSteps(parameters.slots, parties, threshold))]
}

function json(text: string): unknown {
  try {
    return isShallow(text) ? JSON.parse(text) : undefined
  } catch {
    // The app takes JSON only; a member's own build may file anything.
    return undefined
  }
}

/** Whoever goes through what is nested deeper may run out of stack. Brackets in strings count, too: no honest text has so many. */
function isShallow(text: string): boolean {
  let [depth, deepest] = [0, 0]
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1
    if (character === ']' || character === '}') depth -= 1
    deepest = Math.max(deepest, depth)
  }
  return deepest <= MOST_DEPTH
}
