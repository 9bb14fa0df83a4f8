import { type CategoryKey, COHORT_FIELDS, type RecordId, type ResourceLike } from '@medsync/protocol'
import { type Criteria, matchPatient, type PatientMatch } from '@medsync/protocol/matching'
import * as z from 'zod'
import { fhirDate } from '../records/fhirDate.ts'
import { addressesOf, resolveReference } from '../records/references.ts'
import type { SealedRecords } from '../records/sealedRecords.ts'
import { addressBook, isOfPatient } from '../urgency/isOfPatient.ts'

/** Where what criteria ask about can stand in a record. */
const READ: readonly CategoryKey[] = ['demographics', 'conditions', 'medications', 'vitals', 'laboratory', 'procedures', 'social']
const PAGE = 100
const YEAR_S = 365.2425 * 86_400
const UNKNOWN_AGE = COHORT_FIELDS.ageDecade.length - 1
const GENDERS: readonly string[] = COHORT_FIELDS.gender

const medicationReference = z.looseObject({ medicationReference: z.looseObject({ reference: z.string() }) })

/** One record against a study's criteria, with the bins that rounds tell people apart by. */
export type MatchedRecord = {
  readonly record: RecordId
  readonly isLinked: boolean
  /** Since when the hospital has it. */
  readonly createdAtS: number
  readonly match: PatientMatch
  readonly ageDecade: number
  readonly gender: number
}

/** Compares every record that a hospital has at a time with criteria, one at a time, in memory only. Nothing is kept. */
export async function* matchRecords(
  records: SealedRecords,
  tenant: string,
  { criteria, nowS }: { readonly criteria: Criteria; readonly nowS: number },
): AsyncGenerator<MatchedRecord> {
  let after: { uploadedAtS: number; record: RecordId } | undefined
  do {
    const page = await records.list(tenant, { limit: PAGE, after })
    for (const { record, linkedAtS, createdAtS } of page) {
      if (createdAtS > nowS) continue
      yield { ...(await matchRecord(records, tenant, { record, criteria, nowS })), isLinked: linkedAtS !== null, createdAtS }
    }
    const last = page.at(-1)
    after = page.length < PAGE || last === undefined ? undefined : { uploadedAtS: last.uploadedAtS, record: last.record }
  } while (after !== undefined)
}

/** Compares one record. @throws {NotFoundError} The hospital holds no such record. */
export async function matchRecord(
  records: SealedRecords,
  tenant: string,
  { record, criteria, nowS }: { readonly record: RecordId; readonly criteria: Criteria; readonly nowS: number },
): Promise<Omit<MatchedRecord, 'isLinked' | 'createdAtS'>> {
  const { parts, patientUrls } = await records.openParts(tenant, record, READ)
  const urls = addressBook(patientUrls)
  const entries = [...parts.values()].flat()
  const medications = new Map(
    entries.flatMap((entry) =>
      entry.resource.resourceType === 'Medication' ? addressesOf(entry).map((at): [string, unknown] => [at, entry.resource.code]) : [],
    ),
  )
  // Whose they are, and which medication is meant, is settled here; both may be named in several ways.
  const own = entries.flatMap(({ resource, fullUrl }) =>
    isOfPatient(resource, urls, fullUrl) ? [withMedication({ ...resource, subject: undefined }, medications, fullUrl)] : [],
  )
  const day = new Date(nowS * 1_000).toISOString().slice(0, 10)
  const patient = own.find(({ resourceType }) => resourceType === 'Patient')
  const gender = GENDERS.indexOf(typeof patient?.['gender'] === 'string' ? patient['gender'] : '')
  return {
    record,
    match: matchPatient(criteria, own, { day }),
    ageDecade: decadeOf(patient?.['birthDate'], nowS),
    gender: gender < 0 ? GENDERS.length - 1 : gender,
  }
}

/** Puts a medication that stands in a resource of its own in the place of the reference to it. Of one that points outside it is not known what it was. */
function withMedication(resource: ResourceLike, medications: ReadonlyMap<string, unknown>, from: string | undefined): ResourceLike {
  const reference = medicationReference.safeParse(resource)
  if (!reference.success || reference.data.medicationReference.reference.startsWith('#')) return resource
  const { medicationReference: _known, ...rest } = resource
  return { ...rest, medicationCodeableConcept: resolveReference(reference.data.medicationReference.reference, medications, from) }
}

function decadeOf(birthDate: unknown, nowS: number): number {
  const born = fhirDate(birthDate)
  return born === undefined || born.fromS > nowS ? UNKNOWN_AGE : Math.min(Math.floor((nowS - born.fromS) / YEAR_S / 10), UNKNOWN_AGE - 1)
}
