import {
  bandOf,
  consciousnessPoints,
  measurePoints,
  type News2,
  OXYGEN_POINTS,
  RED_POINTS,
  saturationPoints,
  summarise,
  worstPoints,
} from './news2.ts'
import type { CaseVitals } from './readVitals.ts'
import { type OxygenScale, PARAMETERS, type Parameter } from './vitals.ts'

/** The part of the score that NEWS2 gives, 0-81. */
export type CoreScore = {
  readonly core: number
  /** What is known, with missing parameters at 0 points. */ readonly news2: News2
  /** NEWS2 if everything that is not currently known were at its worst; equal to `news2.total` when all is known. */
  readonly worstTotal: number
  /** What the core would be then. */ readonly worstCore: number
}

/** Where a case stands with something unknown and nothing known against it: above every complete low-risk case, below every known red score. */
export const PRECAUTION = 25
/** Highest core score. */
export const MAX_CORE = 81

/**
 * Maps NEWS2 to the urgency scale. Strictly rising with the total inside a band, and each band lies above the one before:
 * low 0, 6, 12, 18, 24; low-medium (a red score) 30 and 32; medium 40 and 46; high 55, 57 ... 81. What is left up to 100 belongs to modifiers and notes.
 * @param total - 0-20.
 */
export function coreOf(total: number, hasRed: boolean): number {
  const band = bandOf(total, hasRed)
  if (band === 'high') return 55 + 2 * (total - 7)
  if (band === 'medium') return 40 + 6 * (total - 5)
  return band === 'low-medium' ? 30 + 2 * Math.max(0, total - RED_POINTS) : 6 * total
}

/**
 * Scores what is known, and makes sure that what is not known never counts as normal. The last usable value of the episode goes on counting;
 * and while anything is not currently known, the case stands at `PRECAUTION` plus its known points, or at the worst that it can be if that is less.
 */
export function scoreCore({ held }: CaseVitals, scale: OxygenScale): CoreScore {
  const points = Object.fromEntries(
    PARAMETERS.map((parameter) => [parameter, pointsOf(held, parameter, scale, held.oxygen?.value ?? false)]),
  )
  const news2 = summarise(points as News2['points'])
  const airs = held.oxygen?.isCurrent ? [held.oxygen.value] : [false, true]
  const worst = airs.map((oxygen) => summarise(worstCase(held, scale, oxygen)))
  const worstTotal = Math.max(...worst.map(({ total }) => total), news2.total)
  const known = coreOf(news2.total, news2.red.length > 0)
  const worstCore = Math.max(known, ...worst.map(({ total, red }) => coreOf(total, red.length > 0)))
  const core = Math.max(known, Math.min(worstCore, PRECAUTION + Math.min(news2.total, 4)))
  return { core, news2, worstTotal, worstCore }
}

function worstCase(held: CaseVitals['held'], scale: OxygenScale, oxygen: boolean): News2['points'] {
  const points = PARAMETERS.map((parameter): [Parameter, number] => {
    if (parameter === 'oxygen') return [parameter, oxygen ? OXYGEN_POINTS : 0]
    return [parameter, held[parameter]?.isCurrent ? pointsOf(held, parameter, scale, oxygen) : worstPoints(parameter)]
  })
  return Object.fromEntries(points) as News2['points']
}

/** Points of what is held; 0 for what is missing. */
function pointsOf(held: CaseVitals['held'], parameter: Parameter, scale: OxygenScale, oxygen: boolean): number {
  if (parameter === 'oxygen') return oxygen ? OXYGEN_POINTS : 0
  if (parameter === 'consciousness') return held.consciousness === undefined ? 0 : consciousnessPoints(held.consciousness.value)
  const value = held[parameter]?.value
  if (value === undefined) return 0
  return parameter === 'oxygenSaturation' ? saturationPoints(value, scale, oxygen) : measurePoints(parameter, value)
}
