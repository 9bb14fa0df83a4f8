import { gzipSync } from 'node:zlib'
import {
  type CaseSummary,
  caseSummarySchema,
  enrolmentCodeSchema,
  enrolmentSchema,
  facilityViewSchema,
  type RecordId,
  specialistViewSchema,
  uploadSchema,
} from '@medsync/protocol'
import type { Person } from '../../scripts/demo/person.ts'
import { smallBundle } from '../gateway/records-bundles.ts'
import { type Vitals, vitals } from '../gateway/urgency-play.ts'

const HOUR_S = 3_600
const nowS = (): number => Math.floor(Date.now() / 1_000)

/** Keeps a record of somebody of this family name, an hour ago of this systolic pressure. */
export async function keepPerson(
  staff: Person,
  mrn: string,
  { family, systolic }: { family: string; systolic: number },
): Promise<RecordId> {
  const bundle = smallBundle(mrn, vitals({ systolic }, nowS() - HOUR_S))
  Object.assign(bundle.entry[0]?.resource ?? {}, { name: [{ use: 'official', family, given: ['Quillfeather'] }] })
  return (await staff.upload('/hospital/bundles', uploadSchema, gzipSync(JSON.stringify(bundle)))).record
}

/** Opens a case of a record, adds what was measured, then a note. */
export async function openCase(
  staff: Person,
  record: RecordId,
  { specialty, measured, note }: { specialty: string; measured: Vitals; note: string },
): Promise<CaseSummary> {
  const wanted = { record, specialty, arrivedAtS: nowS() - 60 }
  const { case: id } = await staff.ask('POST', '/hospital/cases', caseSummarySchema, wanted)
  const observations = vitals(measured, nowS() - 1)
  await staff.ask('POST', `/hospital/cases/${id}/observations`, caseSummarySchema, { observations })
  return await staff.ask('POST', `/hospital/cases/${id}/notes`, caseSummarySchema, { text: note })
}

/** A facility and somebody there, who takes one case in so many hours. */
export async function offerPlace(
  staff: Person,
  { facility: name, latitude, ...who }: { facility: string; latitude: number; name: string; specialty: string; inHours: number },
): Promise<void> {
  const { facility } = await staff.ask('POST', '/hospital/facilities', facilityViewSchema, { name, latitude, longitude: -71 })
  const fromS = nowS() + who.inHours * HOUR_S
  const hours = [{ fromS, toS: fromS + HOUR_S, capacity: 1 }]
  await staff.ask('POST', '/hospital/specialists', specialistViewSchema, { name: who.name, specialty: who.specialty, facility, hours })
}

/** Makes a record a patient's own. */
export async function linkRecord(staff: Person, patient: Person, record: RecordId): Promise<void> {
  const { code } = await staff.ask('POST', `/hospital/records/${record}/enrolment-codes`, enrolmentCodeSchema)
  await patient.ask('POST', '/patient/enrolments', enrolmentSchema, { code })
}
