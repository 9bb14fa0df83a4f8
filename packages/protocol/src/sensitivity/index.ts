/**
 * Which sets, words and labels an entry was judged by when it was stored. Raise it with every change of them, so that what passes through references is derived anew.
 */
export const SENSITIVITY_RULES = 4

export * from './codeSystems.ts'
export * from './labels.ts'
export * from './matchCodes.ts'
export * from './matchWords.ts'
export type { SensitiveValueSet } from './valueSet.ts'
export { VALUE_SETS } from './valueSets/index.ts'
