import { type CaseDetail, type CaseSummary, caseDetailSchema, caseSummarySchema, errorAnswerSchema, uploadSchema } from '@medsync/protocol'
import { expect } from 'vitest'
import { smallBundle, type TestResource } from './records-bundles.ts'
import type { Client, RecordsStage } from './records-stage.ts'

const LOINC = 'http://loinc.org'
const loinc = (code: string) => ({ coding: [{ system: LOINC, code }] })
const VITAL_SIGNS = [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }]

/** Vital signs as somebody at the bedside has them. */
export type Vitals = Partial<Record<'rate' | 'saturation' | 'flow' | 'systolic' | 'pulse' | 'temperature', number>> & { level?: string }

/** No points at all. */
export const WELL: Vitals = { rate: 16, saturation: 98, flow: 0, systolic: 120, pulse: 70, level: 'LA9340-6', temperature: 37 }
/** NEWS2 of 14: shock. */
export const ILL: Vitals = { rate: 26, saturation: 90, flow: 4, systolic: 88, pulse: 125, level: 'LA9340-6', temperature: 38.5 }

const CODES = {
  rate: ['9279-1', '/min'],
  saturation: ['59408-5', '%'],
  flow: ['3151-8', 'L/min'],
  systolic: ['8480-6', 'mm[Hg]'],
  pulse: ['8867-4', '/min'],
  temperature: ['8310-5', 'Cel'],
} as const

/** These as FHIR Observations of one moment. */
export function vitals({ level, ...values }: Vitals, atS: number): TestResource[] {
  const common = {
    resourceType: 'Observation',
    status: 'final',
    category: VITAL_SIGNS,
    effectiveDateTime: new Date(atS * 1_000).toISOString(),
  }
  const measured = Object.entries(values).map(([name, value]) => {
    const [code, unit] = CODES[name as keyof typeof CODES]
    return { ...common, code: loinc(code), valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit } }
  })
  const said = level === undefined ? [] : [{ ...common, code: loinc('67775-7'), valueCodeableConcept: loinc(level) }]
  return [...measured, ...said]
}

/** Keeps a small record of a patient born in 1961, with more resources in it; gives its id. */
export async function keepRecord(
  client: Client,
  mrn: string,
  more: TestResource[] = [],
  patient: Record<string, unknown> = {},
): Promise<string> {
  const bundle = smallBundle(mrn, more)
  const [first] = bundle.entry
  if (first !== undefined) Object.assign(first.resource, patient)
  const headers = { 'content-type': 'application/fhir+json' }
  const answer = await client.send('/hospital/bundles', { method: 'POST', body: JSON.stringify(bundle), headers })
  return uploadSchema.parse(await answer.json()).record
}

/** Opens a case of a record, now. */
export async function openCase(
  stage: RecordsStage,
  client: Client,
  record: string,
  more: Record<string, unknown> = {},
): Promise<CaseSummary> {
  const wanted = { record, specialty: 'internal-medicine', arrivedAtS: stage.gateway.clock.nowS() - 60, ...more }
  const { status, body } = await client.json('POST', '/hospital/cases', wanted)
  expect({ status, body }).toMatchObject({ status: 201 })
  return caseSummarySchema.parse(body)
}

/** Adds to a case: `what` is observations, notes, confirmation, override. */
export async function change(client: Client, caseId: string, what: string, body: unknown): Promise<CaseSummary> {
  const answer = await client.json('POST', `/hospital/cases/${caseId}/${what}`, body)
  if (answer.status >= 300) throw new Error(`error: ${what} was answered ${answer.status} ${JSON.stringify(answer.body)}`)
  return caseSummarySchema.parse(answer.body)
}

/** Adds vital signs, measured now. */
export async function measure(stage: RecordsStage, client: Client, caseId: string, values: Vitals): Promise<CaseSummary> {
  return await change(client, caseId, 'observations', { observations: vitals(values, stage.gateway.clock.nowS()) })
}

/** A case as its page shows it. */
export async function look(client: Client, caseId: string): Promise<CaseDetail> {
  const { body } = await client.json('GET', `/hospital/cases/${caseId}`)
  return caseDetailSchema.parse(body)
}

/** How a request was refused. */
export async function refusal(
  client: Client,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; code: string; message: string }> {
  const answer = await client.json(method, path, body)
  const { code, message } = errorAnswerSchema.parse(answer.body)
  return { status: answer.status, code, message }
}
