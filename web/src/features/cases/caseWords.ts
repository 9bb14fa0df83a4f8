import type { CaseDetail, CaseRank, CaseStatus, CaseSummary, RecordPatient } from '@medsync/protocol'
import type { Band, Consciousness, Parameter } from '@medsync/protocol/urgency'
import { ordinalOf } from '../../ui/format/ordinalOf.ts'
import type { StatusTone } from '../../ui/StatusPill.tsx'

/** The seven vital signs of NEWS2 on screen. */
export const PARAMETER_WORDS: Readonly<Record<Parameter, string>> = {
  respiratoryRate: 'Breaths a minute',
  oxygenSaturation: 'Oxygen saturation',
  oxygen: 'Extra oxygen',
  systolicPressure: 'Systolic blood pressure',
  pulse: 'Pulse',
  consciousness: 'Consciousness',
  temperature: 'Temperature',
}

/** ACVPU in words. */
export const CONSCIOUSNESS_WORDS: Readonly<Record<Consciousness, string>> = {
  alert: 'Alert',
  confused: 'Newly confused',
  voice: 'Responds to voice',
  pain: 'Responds to pain',
  unresponsive: 'Unresponsive',
}

const BAND_WORDS: Readonly<Record<Band, string>> = {
  low: 'Low risk',
  'low-medium': 'Low to medium risk',
  medium: 'Medium risk',
  high: 'High risk',
}

/** Clinical risk as NEWS2 names it. Where something was never measured it is told of what is known alone, and never in green. */
export function riskOf({ band, missing }: Pick<CaseSummary, 'band' | 'missing'>): { readonly words: string; readonly tone: StatusTone } {
  const words = missing.length === 0 ? BAND_WORDS[band] : `${BAND_WORDS[band]} as far as known`
  if (band === 'high') return { words, tone: 'bad' }
  return { words, tone: band === 'low' && missing.length === 0 ? 'good' : 'rest' }
}

/** Where a case stands. */
export const STATUS_WORDS: Readonly<Record<CaseStatus, string>> = { waiting: 'Waiting', allocated: 'Has a place', done: 'Done' }

/** Why NEWS2 does not apply to somebody. */
export const SCOPE_WORDS: Readonly<Record<NonNullable<CaseSummary['outOfScope']>, string>> = {
  'under-16': 'under 16 years old',
  'age-unknown': 'of unknown age',
  pregnant: 'pregnant',
}

/** Why a value was not taken. */
export const REFUSAL_WORDS: Readonly<Record<CaseDetail['urgency']['implausible'][number]['refusal'], string>> = {
  unreadable: 'it cannot be read as a value',
  'no-time': 'it does not say when it was measured',
  'in-future': 'its time lies in the future',
  'unknown-unit': 'its unit is none that this value can come in, and no unit is guessed',
  'unknown-answer': 'its answer is not one that is known here',
  'outside-limits': 'no living person, or no working device, has that value',
}

/** What raises a score beyond the vital signs. */
export const MODIFIER_WORDS: Readonly<Record<CaseDetail['urgency']['evidence']['modifiers'][number]['rule'], string>> = {
  'lactate-above-2': 'Lactate above 2 mmol/L, a sign of sepsis (Sepsis-3; NICE NG253)',
  'neutropenic-fever': 'Fever with neutrophils of 0.5 × 10⁹/L or lower (NICE CG151)',
}

/** A vital sign or laboratory value on screen. */
export function qualityWords(quality: CaseDetail['urgency']['implausible'][number]['quality']): string {
  if (quality === 'lactate') return 'Lactate'
  return quality === 'neutrophils' ? 'Neutrophils' : PARAMETER_WORDS[quality]
}

/** The name of a specialty: its short name as words. */
export function specialtyWords(specialty: string): string {
  const words = specialty.replaceAll('-', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** Whose case it is. */
export function nameOfPatient(patient: RecordPatient): string {
  return patient?.name ?? 'A record that cannot be opened'
}

/**
 * Where a case stood among those of all hospitals.
 * @example
 * rankWords({ rank: 3, total: 41 }) // '3rd of 41'
 */
export function rankWords({ rank, total }: Pick<CaseRank, 'rank' | 'total'>): string {
  return `${ordinalOf(rank)} of ${new Intl.NumberFormat('en').format(total)}`
}

/** How a case moved since the ranking before: `up` is more urgent. Undefined when it was not in that one. */
export function moveOf({ rank, before }: Pick<CaseRank, 'rank' | 'before'>):
  | {
      readonly way: 'up' | 'down' | 'same'
      readonly words: string
    }
  | undefined {
  if (before === null) return undefined
  if (before === rank) return { way: 'same', words: 'Same place' }
  return before > rank ? { way: 'up', words: `Up ${before - rank}` } : { way: 'down', words: `Down ${rank - before}` }
}

/** Who set the score that counts; undefined when nobody has decided. */
export function decisionWords({ decision, computed }: Pick<CaseSummary, 'decision' | 'computed'>): string | undefined {
  switch (decision) {
    case 'none':
      return undefined
    case 'confirmed':
      return 'Confirmed'
    case 'raised':
      return `Raised by a clinician, computed ${computed}`
    case 'lowered':
      return `Lowered by a clinician, computed ${computed}`
  }
}

/** What the language model had to say. */
export function modelWords(state: CaseDetail['model']['state']): string {
  switch (state) {
    case 'off':
      return 'No language model is set up here. The notes are read by fixed rules.'
    case 'no-notes':
      return 'There is no note for the language model to read.'
    case 'asking':
      return 'The language model is reading the notes.'
    case 'heard':
      return 'The language model has read the notes. It can raise a score by 10 at most, and never lower it.'
    case 'refused':
      return 'The language model’s answer was refused, so it counts for nothing.'
    case 'failed':
      return 'The language model gave no answer, so it counts for nothing.'
  }
}
