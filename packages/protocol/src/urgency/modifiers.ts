import type { CaseVitals } from './readVitals.ts'

/** One reason why a case is more urgent than NEWS2 says, with the observations that show it. */
export type Modifier = { readonly rule: keyof typeof MODIFIERS; readonly raise: number; readonly sources: readonly string[] }

/**
 * What raises a score beyond NEWS2: laboratory values that a guideline treats as one level of risk higher, at any age. Few on purpose; a case that
 * meets both is raised once.
 * @source lactate: Singer et al., Sepsis-3, JAMA 315(8), 2016 (above 2 mmol/L); so used with NEWS2 in NICE NG51 / NG253, suspected sepsis.
 * @source neutropenic fever: NICE CG151, neutropenic sepsis: neutrophils of 0.5 x 10^9/L or lower and a temperature above 38 degrees Celsius.
 */
export const MODIFIERS = {
  'lactate-above-2': { above: 2, unit: 'mmol/L' },
  'neutropenic-fever': { neutrophilsAtMost: 0.5, temperatureAbove: 38 },
} as const

/** One band up, short of reaching beyond it: 24 becomes 39, 46 becomes 61. */
const RAISE_BELOW_HIGH = 15
/** In the highest band there is room for 9 before the notes' 10. */
const RAISE_IN_HIGH = 9
const HIGH_FROM = 55

/** All modifiers that apply, each with the raise it would give alone. They never lower, and a missing laboratory value is nothing. */
export function findModifiers({ held }: Pick<CaseVitals, 'held'>, core: number): Modifier[] {
  const raise = core < HIGH_FROM ? RAISE_BELOW_HIGH : RAISE_IN_HIGH
  const { lactate, neutrophils, temperature } = held
  const found: Modifier[] = []
  if (lactate !== undefined && lactate.value.to > MODIFIERS['lactate-above-2'].above) {
    found.push({ rule: 'lactate-above-2', raise, sources: lactate.sources })
  }
  const { neutrophilsAtMost, temperatureAbove } = MODIFIERS['neutropenic-fever']
  if (neutrophils !== undefined && temperature !== undefined) {
    const applies = neutrophils.value.from <= neutrophilsAtMost && temperature.value.to > temperatureAbove
    if (applies) found.push({ rule: 'neutropenic-fever', raise, sources: [...neutrophils.sources, ...temperature.sources] })
  }
  return found
}

/** Highest raise that modifiers give. */
export const modifierRaise = (modifiers: readonly Modifier[]): number => Math.max(0, ...modifiers.map(({ raise }) => raise))
