import type { ResourceLike } from '@medsync/protocol'
import { fhirDate, joinSpans, type Span } from './fhirDate.ts'

/**
 * Which fields tell when something happened, by resource type, the best first. A group in brackets is one span: its first field starts it and all of
 * them lie in it, so a condition reaches from its onset to its abatement.
 */
const CLINICAL_FIELDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  AllergyIntolerance: [['onsetDateTime', 'lastOccurrence'], ['onsetPeriod'], ['recordedDate']],
  CarePlan: [['period'], ['created']],
  CareTeam: [['period']],
  Claim: [['billablePeriod'], ['created']],
  Condition: [
    ['onsetDateTime', 'abatementDateTime', 'abatementPeriod'],
    ['onsetPeriod', 'abatementDateTime', 'abatementPeriod'],
    ['recordedDate', 'abatementDateTime'],
  ],
  Coverage: [['period']],
  DeviceUseStatement: [['timingPeriod'], ['timingDateTime'], ['recordedOn']],
  DiagnosticReport: [['effectiveDateTime'], ['effectivePeriod'], ['issued']],
  DocumentReference: [['date'], ['context.period']],
  Encounter: [['period']],
  ExplanationOfBenefit: [['billablePeriod'], ['created']],
  Goal: [['startDate', 'statusDate'], ['statusDate']],
  ImagingStudy: [['started']],
  Immunization: [['occurrenceDateTime'], ['recorded']],
  MedicationAdministration: [['effectiveDateTime'], ['effectivePeriod']],
  MedicationDispense: [['whenHandedOver', 'whenPrepared'], ['whenPrepared']],
  MedicationRequest: [['authoredOn']],
  MedicationStatement: [['effectiveDateTime'], ['effectivePeriod'], ['dateAsserted']],
  Observation: [['effectiveDateTime'], ['effectivePeriod'], ['effectiveInstant'], ['issued']],
  Procedure: [['performedDateTime'], ['performedPeriod']],
  QuestionnaireResponse: [['authored']],
  SupplyDelivery: [['occurrenceDateTime'], ['occurrencePeriod']],
}

/** When the content of a resource happened; undefined when the resource does not say, then it is in no period. */
export function clinicalSpan(resource: ResourceLike): Span | undefined {
  for (const [start, ...rest] of CLINICAL_FIELDS[resource.resourceType] ?? []) {
    const first = spanAt(resource, start ?? '')
    if (first !== undefined) return rest.reduce((span, path) => joinSpans(span, spanAt(resource, path)), first)
  }
  return undefined
}

/** Whether a resource lies wholly in a period, seconds, 0 is open. One that says no date lies in none. */
export function isWithin(resource: ResourceLike, period: { readonly dataFromS: number; readonly dataToS: number }): boolean {
  if (period.dataFromS === 0 && period.dataToS === 0) return true
  const span = clinicalSpan(resource)
  return span !== undefined && span.fromS >= period.dataFromS && (period.dataToS === 0 || span.toS <= period.dataToS)
}

/** A date, or a Period: an end without a start says too little, a start without an end is the start alone. */
function spanAt(resource: ResourceLike, path: string): Span | undefined {
  const value = path.split('.').reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), resource)
  if (!isObject(value)) return fhirDate(value)
  const start = fhirDate(value.start)
  return start === undefined ? undefined : joinSpans(start, fhirDate(value.end))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
