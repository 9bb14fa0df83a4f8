import type { Dimension } from './ucum.ts'
import type { Consciousness, Quality } from './vitals.ts'

export const LOINC = 'http://loinc.org'
export const SNOMED = 'http://snomed.info/sct'
export const UCUM = 'http://unitsofmeasure.org'

/** What a code stands for: a quantity, a level of consciousness, or whether oxygen is given (`answer` when the code itself says so). */
export type Meaning =
  | { readonly kind: 'quantity'; readonly quality: Quality; readonly dimension: Dimension }
  | { readonly kind: 'consciousness'; readonly quality: 'consciousness' }
  | { readonly kind: 'oxygen'; readonly quality: 'oxygen'; readonly answer: boolean }

const quantity = (quality: Exclude<Quality, 'consciousness'>, dimension: Dimension): Meaning => ({ kind: 'quantity', quality, dimension })
const consciousness: Meaning = { kind: 'consciousness', quality: 'consciousness' }
const temperature = quantity('temperature', 'temperature')
const lactate = quantity('lactate', 'lactate')
const neutrophils = quantity('neutrophils', 'neutrophils')
const saturation = quantity('oxygenSaturation', 'oxygenSaturation')

/**
 * Codes of observations and of their components that are read; all others, and all other code systems, are passed over.
 * @source FHIR R4 vital signs profile; US Core 6.0.0 vital signs value set (3150-0, 3151-8, 59408-5); SNOMED CT as the NHS's NEWS2 profiles use it.
 */
const MEANINGS = new Map<string, Meaning>([
  [`${LOINC}|9279-1`, quantity('respiratoryRate', 'respiratoryRate')], // Respiratory rate
  [`${LOINC}|2708-6`, saturation], // Oxygen saturation in Arterial blood
  [`${LOINC}|59408-5`, saturation], // ... by Pulse oximetry
  [`${LOINC}|3150-0`, quantity('oxygen', 'inhaledConcentration')], // Inhaled oxygen concentration
  [`${LOINC}|3151-8`, quantity('oxygen', 'inhaledFlow')], // Inhaled oxygen flow rate
  [`${LOINC}|8480-6`, quantity('systolicPressure', 'systolicPressure')], // alone, or a component of panel 85354-9
  [`${LOINC}|8867-4`, quantity('pulse', 'pulse')], // Heart rate
  [`${LOINC}|8310-5`, temperature], // Body temperature
  [`${LOINC}|8331-1`, temperature], // Oral
  [`${LOINC}|8332-9`, temperature], // Rectal
  [`${LOINC}|8333-7`, temperature], // Tympanic membrane
  [`${LOINC}|8328-7`, temperature], // Axillary
  [`${LOINC}|67775-7`, consciousness], // Level of responsiveness
  [`${LOINC}|80288-4`, consciousness], // Level of consciousness AVPU score
  [`${SNOMED}|1104441000000107`, consciousness], // ACVPU scale score (UK)
  [`${SNOMED}|722742002`, { kind: 'oxygen', quality: 'oxygen', answer: false }], // Breathing room air
  [`${SNOMED}|371825009`, { kind: 'oxygen', quality: 'oxygen', answer: true }], // Patient on oxygen
  [`${LOINC}|2524-7`, lactate], // Lactate [Moles/volume] in Serum or Plasma
  [`${LOINC}|32693-4`, lactate], // ... in Blood
  [`${LOINC}|2519-7`, lactate], // ... in Venous blood
  [`${LOINC}|751-8`, neutrophils], // Neutrophils [#/volume] in Blood by Automated count
  [`${LOINC}|753-4`, neutrophils], // ... by Manual count
])

/** Answers to a question about consciousness. */
const LEVELS = new Map<string, Consciousness>([
  [`${LOINC}|LA9340-6`, 'alert'],
  [`${LOINC}|LA6560-2`, 'confused'],
  [`${LOINC}|LA17108-4`, 'voice'],
  [`${LOINC}|LA17107-6`, 'pain'],
  [`${LOINC}|LA9343-0`, 'unresponsive'],
  [`${SNOMED}|248234008`, 'alert'], // Mentally alert
  [`${SNOMED}|130987000`, 'confused'], // Acute confusion
  [`${SNOMED}|300202002`, 'voice'], // Responds to voice
  [`${SNOMED}|450847001`, 'pain'], // Responds to pain
  [`${SNOMED}|422768004`, 'unresponsive'], // Unresponsive
])

/** A code with its system; either may be left out in FHIR, and then it stands for nothing here. */
export type Coding = { readonly system?: string | undefined; readonly code?: string | undefined }

const keyOf = ({ system, code }: Coding): string => `${system ?? ''}|${code ?? ''}`

/** The first meaning that the codings of one concept have. */
export function meaningOf(codings: readonly Coding[]): Meaning | undefined {
  return codings.map((coding) => MEANINGS.get(keyOf(coding))).find((meaning) => meaning !== undefined)
}

/** The first level of consciousness among the codings of an answer. */
export function levelOf(codings: readonly Coding[]): Consciousness | undefined {
  return codings.map((coding) => LEVELS.get(keyOf(coding))).find((level) => level !== undefined)
}
