import { COHORT_FIELDS, type RecordId, type StatisticsField } from '@medsync/protocol'
import * as z from 'zod'
import { fhirDate } from '../records/fhirDate.ts'
import type { StoredEntry } from '../records/openedRecord.ts'
import type { SealedRecords } from '../records/sealedRecords.ts'
import { addressBook, isOfPatient } from '../urgency/isOfPatient.ts'
import type { PersonValue } from './roundsOptions.ts'

const PAGE = 200
const YEAR_S = 365.2425 * 86_400
const LAST_DECADE = 10
const UNKNOWN_AGE = COHORT_FIELDS.ageDecade.length - 1
const GENDERS: readonly string[] = COHORT_FIELDS.gender
const LOINC = 'http://loinc.org'
const UCUM = 'http://unitsofmeasure.org'
/** Observations that hold: not those that were entered in error, cancelled, or are not there yet. */
const HOLDS: ReadonlySet<string> = new Set(['preliminary', 'final', 'amended', 'corrected'])

const patientSchema = z.object({
  resourceType: z.literal('Patient'),
  birthDate: z.string().optional(),
  gender: z.string().optional(),
  deceasedDateTime: z.string().optional(),
})
const measuredSchema = z.object({
  code: z.object({ coding: z.array(z.object({ system: z.string().optional(), code: z.string().optional() })).default([]) }),
  valueQuantity: z
    .object({ value: z.number(), code: z.string(), system: z.literal(UCUM).optional(), comparator: z.string().optional() })
    .optional(),
})
const observationSchema = measuredSchema.extend({
  resourceType: z.literal('Observation'),
  status: z.string(),
  effectiveDateTime: z.string().optional(),
  effectiveInstant: z.string().optional(),
  effectivePeriod: z.object({ start: z.string().optional() }).optional(),
  component: z.array(measuredSchema).default([]),
})
type NumericField = Exclude<StatisticsField, { kind: 'study' }>

/**
 * One number for each record that a hospital had at a time, linked or not: the latest measurement until then, the age, or just that there is one. Read at the hospital,
 * in memory only. Only what stands there in the unit that is asked counts: nothing is converted or guessed.
 * @param asOfS - Unix seconds.
 */
export async function fieldValues(records: SealedRecords, tenant: string, field: NumericField, asOfS: number): Promise<PersonValue[]> {
  const people: PersonValue[] = []
  let after: { uploadedAtS: number; record: RecordId } | undefined
  do {
    const page = await records.list(tenant, { limit: PAGE, after })
    for (const { record, createdAtS } of page) {
      const person = createdAtS > asOfS ? undefined : await personOf(records, { tenant, record }, field, asOfS)
      if (person !== undefined) people.push({ ...person, enteredS: createdAtS })
    }
    const last = page.at(-1)
    after = page.length < PAGE || last === undefined ? undefined : { uploadedAtS: last.uploadedAtS, record: last.record }
  } while (after !== undefined)
  return people
}

async function personOf(
  records: SealedRecords,
  { tenant, record }: { readonly tenant: string; readonly record: RecordId },
  field: NumericField,
  asOfS: number,
): Promise<Omit<PersonValue, 'enteredS'> | undefined> {
  const measured = field.kind === 'observation' ? (['vitals', 'laboratory', 'social', 'procedures'] as const) : []
  const { parts, patientUrls } = await records.openParts(tenant, record, ['demographics', ...measured])
  const entries = [...parts.values()].flat()
  const patient = entries.map(({ resource }) => patientSchema.safeParse(resource).data).find((found) => found !== undefined)
  const age = ageOf(patient, asOfS)
  const value = field.kind === 'people' ? 0 : field.kind === 'age' ? age : latest(entries, { patientUrls, field, asOfS })
  if (value === undefined) return undefined
  const gender = GENDERS.indexOf(patient?.gender ?? '')
  return {
    value,
    ageDecade: age === undefined ? UNKNOWN_AGE : Math.min(Math.floor(age / 10), LAST_DECADE),
    gender: gender < 0 ? GENDERS.length - 1 : gender,
  }
}

/** Whole years, up to a time or to death. */
function ageOf(patient: z.output<typeof patientSchema> | undefined, asOfS: number): number | undefined {
  const born = fhirDate(patient?.birthDate)
  if (born === undefined) return undefined
  const untilS = Math.min(fhirDate(patient?.deceasedDateTime)?.fromS ?? asOfS, asOfS)
  return untilS < born.fromS ? undefined : Math.floor((untilS - born.fromS) / YEAR_S)
}

function latest(
  entries: readonly StoredEntry[],
  {
    patientUrls,
    field,
    asOfS,
  }: {
    readonly patientUrls: readonly string[]
    readonly field: Extract<StatisticsField, { kind: 'observation' }>
    readonly asOfS: number
  },
): number | undefined {
  const own = addressBook(patientUrls)
  let [value, atS]: [number | undefined, number] = [undefined, Number.NEGATIVE_INFINITY]
  for (const { resource, fullUrl } of entries) {
    const observation = observationSchema.safeParse(resource).data
    if (observation === undefined || !HOLDS.has(observation.status) || !isOfPatient(resource, own, fullUrl)) continue
    const found = [observation, ...observation.component].map((part) => measuredIn(part, field)).find((number) => number !== undefined)
    const takenS = takenAtS(observation)
    if (found === undefined || takenS === undefined || takenS <= atS || takenS > asOfS) continue
    ;[value, atS] = [found, takenS]
  }
  return value
}

function measuredIn({ code, valueQuantity }: z.output<typeof measuredSchema>, field: { loinc: string; unit: string }): number | undefined {
  const isAsked = code.coding.some((coding) => coding.system === LOINC && coding.code === field.loinc)
  if (!isAsked || valueQuantity === undefined || valueQuantity.comparator !== undefined) return undefined
  return valueQuantity.code === field.unit ? valueQuantity.value : undefined
}

function takenAtS({ effectiveDateTime, effectiveInstant, effectivePeriod }: z.output<typeof observationSchema>): number | undefined {
  return fhirDate(effectiveDateTime ?? effectiveInstant ?? effectivePeriod?.start)?.fromS
}
