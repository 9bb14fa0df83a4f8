import type { CategoryKey, RecordId } from '@medsync/protocol'
import * as z from 'zod'
import type { StoredEntry } from '../records/openedRecord.ts'
import type { SealedRecords } from '../records/sealedRecords.ts'
import { addressBook, isOfPatient } from './isOfPatient.ts'

/** Where vital signs, laboratory values and what tells of a pregnancy can stand in a record. */
const READ: readonly CategoryKey[] = ['vitals', 'laboratory', 'conditions', 'social']

/** A pregnancy, in SNOMED CT: the finding (the answer to LOINC 82810-3), and the normal one that systems record as a condition. */
const PREGNANT: ReadonlySet<string> = new Set(['77386006', '72892002'])
/** ICD-10 Z33, Z34: pregnant state, supervision of a normal pregnancy. */
const PREGNANT_ICD = /^Z3[34]/
const PREGNANCY_STATUS = '82810-3'
/** A pregnancy that was recorded longer ago has ended. */
const PREGNANCY_S = 44 * 7 * 86_400

/** What urgency is scored from in a record: its patient's observations, with the name by which evidence calls them, and whether NEWS2 applies. */
export type RecordFacts = {
  readonly observations: readonly { readonly id: string; readonly resource: StoredEntry['resource'] }[]
  readonly bornOn: string | undefined
  readonly isPregnant: boolean
  /** Every address by which observations may call the patient. */
  readonly patientUrls: readonly string[]
}

const codedSchema = z.object({ coding: z.array(z.object({ code: z.string().optional() })).optional() })
const conditionSchema = z.object({
  resourceType: z.literal('Condition'),
  code: codedSchema,
  clinicalStatus: codedSchema.optional(),
  verificationStatus: codedSchema.optional(),
  onsetDateTime: z.string().optional(),
  recordedDate: z.string().optional(),
})
const statusSchema = z.object({
  resourceType: z.literal('Observation'),
  code: codedSchema,
  status: z.string(),
  effectiveDateTime: z.string().optional(),
  valueCodeableConcept: codedSchema,
})

/**
 * Reads a record at the hospital that holds it. Race, sex and name are in no part of what comes back.
 * @throws {NotFoundError} The hospital holds no such record.
 */
export async function readRecordFacts(records: SealedRecords, tenant: string, record: RecordId, nowS: number): Promise<RecordFacts> {
  const { summary, opened } = await records.openWithSummary(tenant, record, READ)
  const patientUrls = addressBook(opened.patientUrls)
  const own = [...opened.parts.values()].flat().filter(({ resource, fullUrl }) => isOfPatient(resource, patientUrls, fullUrl))
  const observations = own
    .filter(({ resource }) => resource.resourceType === 'Observation')
    .map(({ resource, fullUrl }, index) => ({ id: `record-${idOf(resource) ?? fullUrl ?? index}`, resource }))
  return {
    observations,
    bornOn: summary.birthDate === '' ? undefined : summary.birthDate,
    isPregnant: own.some(({ resource }) => saysPregnant(resource, nowS)),
    patientUrls: opened.patientUrls,
  }
}

function saysPregnant(resource: unknown, nowS: number): boolean {
  const condition = conditionSchema.safeParse(resource)
  if (condition.success) {
    const { code, clinicalStatus, verificationStatus, onsetDateTime, recordedDate } = condition.data
    const isHeld = hasCode(clinicalStatus, (status) => status === 'active')
    const isDenied = hasCode(verificationStatus, (status) => status === 'refuted' || status === 'entered-in-error')
    return isHeld && !isDenied && hasCode(code, isPregnancy) && isRecent(onsetDateTime ?? recordedDate, nowS)
  }
  const status = statusSchema.safeParse(resource)
  if (!status.success || status.data.status === 'entered-in-error') return false
  const isAnswer = hasCode(status.data.code, (code) => code === PREGNANCY_STATUS) && hasCode(status.data.valueCodeableConcept, isPregnancy)
  return isAnswer && isRecent(status.data.effectiveDateTime, nowS)
}

const isPregnancy = (code: string): boolean => PREGNANT.has(code) || PREGNANT_ICD.test(code)

/** What has no readable day counts as recent: doubt leaves it to a clinician. */
function isRecent(day: string | undefined, nowS: number): boolean {
  const atMs = Date.parse(day ?? '')
  return Number.isNaN(atMs) || atMs / 1_000 > nowS - PREGNANCY_S
}

function hasCode(concept: z.output<typeof codedSchema> | undefined, accepts: (code: string) => boolean): boolean {
  return (concept?.coding ?? []).some(({ code }) => code !== undefined && accepts(code))
}

function idOf({ id }: StoredEntry['resource']): string | undefined {
  return typeof id === 'string' ? id : undefined
}
