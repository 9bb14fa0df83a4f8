import type { SensitivityKey } from '../categories.ts'
import type { ClinicalCodeSystem } from './codeSystems.ts'

/**
 * Codes and words that tell one sensitive kind. Codes are separated by blanks.
 * How they match depends on the code system: in a hierarchical one (`PREFIXED`) a code stands for everything below it, and `F10-F19` for a range of such codes;
 * CPT, HCPCS, revenue codes, DRGs and places of service know numeric ranges; all others match exactly.
 */
export type SensitiveValueSet = {
  readonly kind: SensitivityKey
  /** Where codes were read, or the edition that codes written by hand are meant for (see `sources.ts`); with its date. */
  readonly sources: readonly { readonly title: string; readonly date: string }[]
  /** What the set cannot know. */
  readonly limits: string
  readonly codes: Partial<Readonly<Record<ClinicalCodeSystem, string>>>
  /** Patterns over ICD-10 codes (upper case, no dot) that no prefix can say. */
  readonly icd10Patterns?: readonly RegExp[]
  /** Parts of a regular expression, each beginning at a word boundary; compared in any case. */
  readonly words: readonly string[]
  /** The same, compared as written: abbreviations that are ordinary words in lower case. */
  readonly exactWords?: readonly string[]
  /** More of `words` that count in free text only: in the display of a code they would often mean something else. */
  readonly noteWords: readonly string[]
}

/** Code systems in which what begins with a sensitive code is sensitive too. */
export const PREFIXED: ReadonlySet<ClinicalCodeSystem> = new Set([
  'icd-10',
  'icd-9',
  'icd-11',
  'icd-10-pcs',
  'icd-9-procedures',
  'icpc',
  'atc',
  'provider-taxonomy',
])
