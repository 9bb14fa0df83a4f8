import { type Consciousness, LIMITS, LOINC, type Measure, SNOMED, UCUM } from '@medsync/protocol/urgency'

/** Vital signs as their form holds them: numbers and the time as typed, the rest as chosen; empty is "not measured". */
export type VitalsDraft = {
  /** Value of a `datetime-local` input, in the reader's zone. */
  readonly takenAt: string
  readonly respiratoryRate: string
  readonly oxygenSaturation: string
  readonly oxygen: '' | 'air' | 'oxygen'
  readonly systolicPressure: string
  readonly pulse: string
  readonly consciousness: '' | Consciousness
  readonly temperature: string
}

/** How a vital sign that is a number is coded, and in which unit it is typed. */
type Coded = { readonly loinc: string; readonly display: string; readonly unit: string; readonly unitWords: string }
/** @source FHIR R4 vital signs profile; `codes.ts` and `ucum.ts` of the protocol's urgency room read these. */
export const MEASURED = {
  respiratoryRate: { loinc: '9279-1', display: 'Respiratory rate', unit: '/min', unitWords: '/min' },
  oxygenSaturation: { loinc: '59408-5', display: 'Oxygen saturation by pulse oximetry', unit: '%', unitWords: '%' },
  systolicPressure: { loinc: '8480-6', display: 'Systolic blood pressure', unit: 'mm[Hg]', unitWords: 'mmHg' },
  pulse: { loinc: '8867-4', display: 'Heart rate', unit: '/min', unitWords: '/min' },
  temperature: { loinc: '8310-5', display: 'Body temperature', unit: 'Cel', unitWords: '°C' },
} as const satisfies Partial<Record<Measure, Coded>>
export type MeasuredVital = keyof typeof MEASURED
const MEASURED_VITALS = Object.keys(MEASURED) as MeasuredVital[]

const LEVELS: Readonly<Record<Consciousness, readonly [code: string, display: string]>> = {
  alert: ['LA9340-6', 'Alert'],
  confused: ['LA6560-2', 'Confused'],
  voice: ['LA17108-4', 'Responds to voice'],
  pain: ['LA17107-6', 'Responds to pain'],
  unresponsive: ['LA9343-0', 'Unresponsive'],
}
const BREATHING = {
  air: { system: SNOMED, code: '722742002', display: 'Breathing room air' },
  oxygen: { system: SNOMED, code: '371825009', display: 'Patient on oxygen' },
} as const

const CATEGORY = [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }]
/** Clocks may be ahead by this much. */
const SKEW_MS = 5 * 60_000

/** An Observation that the form makes, as FHIR R4 has it. */
export type MadeObservation = {
  readonly resourceType: 'Observation'
  /** So that it can be taken back: a later one with the same id takes its place. */
  readonly id: string
  readonly status: 'final' | 'entered-in-error'
} & Readonly<Record<string, unknown>>

/** An empty form, taken now. */
export function newVitalsDraft(nowMs: number): VitalsDraft {
  return {
    takenAt: localMinute(nowMs),
    respiratoryRate: '',
    oxygenSaturation: '',
    oxygen: '',
    systolicPressure: '',
    pulse: '',
    consciousness: '',
    temperature: '',
  }
}

/** The value of a `datetime-local` input for a time, in the reader's zone. */
export function localMinute(timeMs: number): string {
  const time = new Date(timeMs)
  return new Date(timeMs - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** A number as typed, with a point or a comma; undefined when it is none. */
export function typedNumber(text: string): number | undefined {
  return /^-?\d{1,6}([.,]\d{1,4})?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : undefined
}

/** What stands in the way of sending, by field; empty when nothing does. */
export function problemsOfVitals(draft: VitalsDraft, nowMs: number): Partial<Record<keyof VitalsDraft, string>> {
  const problems: Partial<Record<keyof VitalsDraft, string>> = {}
  for (const vital of MEASURED_VITALS) {
    const problem = problemOfNumber(vital, draft[vital])
    if (problem !== undefined) problems[vital] = problem
  }
  const takenMs = Date.parse(draft.takenAt)
  if (Number.isNaN(takenMs)) problems.takenAt = 'Say when it was measured.'
  else if (takenMs > nowMs + SKEW_MS) problems.takenAt = 'That is in the future.'
  return problems
}

/** Whether anything was measured at all. */
export function hasVitals(draft: VitalsDraft): boolean {
  return draft.oxygen !== '' || draft.consciousness !== '' || MEASURED_VITALS.some((vital) => draft[vital].trim() !== '')
}

function problemOfNumber(vital: MeasuredVital, text: string): string | undefined {
  if (text.trim() === '') return undefined
  const value = typedNumber(text)
  const { from, to } = LIMITS[vital]
  if (value === undefined) return 'Give a number.'
  return value < from || value > to ? `Between ${from} and ${to}. Look at the device again.` : undefined
}

/**
 * The FHIR R4 Observations of a form; call it only when `problemsOfVitals` found nothing.
 * @param newId - Gives each one an id.
 */
export function observationsOf(draft: VitalsDraft, record: string, newId: () => string): MadeObservation[] {
  const shared = {
    resourceType: 'Observation',
    status: 'final',
    category: CATEGORY,
    subject: { reference: `Patient/${record}` },
    effectiveDateTime: new Date(draft.takenAt).toISOString(),
  } as const
  const made: MadeObservation[] = MEASURED_VITALS.flatMap((vital) => {
    const value = typedNumber(draft[vital])
    const { loinc, display, unit, unitWords } = MEASURED[vital]
    if (value === undefined) return []
    const code = { coding: [{ system: LOINC, code: loinc, display }], text: display }
    return [{ ...shared, id: newId(), code, valueQuantity: { value, unit: unitWords, system: UCUM, code: unit } }]
  })
  if (draft.oxygen !== '') {
    const coding = BREATHING[draft.oxygen]
    made.push({ ...shared, id: newId(), code: { coding: [coding], text: coding.display }, valueBoolean: true })
  }
  if (draft.consciousness !== '') {
    const [code, display] = LEVELS[draft.consciousness]
    const question = { coding: [{ system: LOINC, code: '67775-7', display: 'Level of responsiveness' }], text: 'Level of responsiveness' }
    made.push({
      ...shared,
      id: newId(),
      code: question,
      valueCodeableConcept: { coding: [{ system: LOINC, code, display }], text: display },
    })
  }
  return made
}

/** The same observations, taken back: as FHIR has it, "entered in error". */
export function withdrawn(observations: readonly MadeObservation[]): MadeObservation[] {
  return observations.map((observation) => ({ ...observation, status: 'entered-in-error' }))
}
