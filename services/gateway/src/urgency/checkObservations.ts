import type { RecordId } from '@medsync/protocol'
import { readVitals } from '@medsync/protocol/urgency'
import * as z from 'zod'
import { RecordError } from '../gatewayErrors.ts'
import type { BundleReader } from '../records/bundleReader.ts'
import type { AddedResource } from './caseEntries.ts'
import { CaseError } from './caseError.ts'
import { addressBook, isOfPatient } from './isOfPatient.ts'

/** As much as the largest message can honestly hold. */
const MAX_ELEMENTS = 100_000

const observationSchema = z.looseObject({ resourceType: z.literal('Observation'), id: z.string().optional() })

/** A field that is one of several of which there may be one. */
const CHOICE = /^(value|effective)[A-Z]/

/** Whose observations these have to be. */
export type Whose = { readonly record: RecordId; readonly patientUrls: readonly string[] }

/**
 * Checks Observations that staff add to a case, each whole: valid FHIR R4, of this patient, and with nothing in them that would have to be left out of the score.
 * At the bedside somebody can still put it right, so a wrong unit is refused here and not passed over. All are taken or none.
 * @throws {CaseError} Naming the place in the list and what is wrong, never a value.
 */
export async function checkObservations(
  reader: BundleReader,
  raw: readonly unknown[],
  whose: Whose,
  nowS: number,
): Promise<AddedResource[]> {
  const observations = raw.map((one, index) => {
    const parsed = observationSchema.safeParse(one)
    if (!parsed.success) throw new CaseError('case/invalid-observation', `observations.${index}: no Observation`)
    return parsed.data
  })
  refuseSameIds(observations)
  observations.forEach(refuseTwoValues)
  await checkFhir(reader, observations)
  const addresses = addressBook([...whose.patientUrls, `Patient/${whose.record}`])
  observations.forEach((one, index) => {
    if (!isOfPatient(one, addresses)) throw new CaseError('case/other-patient', `observations.${index}`)
    const [refused] = readVitals({ observations: [{ ...one, subject: undefined }], episodeFromS: 0, nowS }).refused
    if (refused === undefined) return
    throw new CaseError('case/unusable-observation', `observations.${index}: ${refused.quality}, ${refused.refusal}`)
  })
  return observations
}

/** An id twice in one message would hide one of the two. */
function refuseSameIds(observations: readonly AddedResource[]): void {
  const seen = new Set<string>()
  for (const [index, { id }] of observations.entries()) {
    if (id === undefined) continue
    if (seen.has(id)) throw new CaseError('case/invalid-observation', `observations.${index}: an id that another one has`)
    seen.add(id)
  }
}

/** FHIR allows one type of value and of time; the definitions are not asked for that, and two could say different things to different readers. */
function refuseTwoValues(observation: AddedResource, index: number): void {
  const { component } = observation
  const parts = [observation, ...(Array.isArray(component) ? component : [])]
  for (const choice of ['value', 'effective']) {
    const isTwofold = parts.some((part) => Object.keys(part ?? {}).filter((field) => CHOICE.exec(field)?.[1] === choice).length > 1)
    if (isTwofold) throw new CaseError('case/invalid-observation', `observations.${index}: Observation.${choice}[x] twice`)
  }
}

/** Whether the reading failed, and not what was read. */
function isOfGateway(code: string): boolean {
  return code === 'server/internal' || code.startsWith('upload/')
}

/** Against the FHIR definitions, in the thread that has them: as a Bundle with a patient of no name at its end. */
async function checkFhir(reader: BundleReader, observations: readonly AddedResource[]): Promise<void> {
  const patient = { resourceType: 'Patient', identifier: [{ value: 'nobody' }] }
  const entry = [...observations, patient].map((resource) => ({ resource }))
  const reading = reader.open({ maxResources: entry.length, maxElements: MAX_ELEMENTS })
  try {
    await reading.write(Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry })))
    await reading.end()
  } catch (cause) {
    if (!(cause instanceof RecordError) || isOfGateway(cause.code)) throw cause
    throw new CaseError('case/invalid-observation', cause.details.replace(/^entry /, 'observations.'), { cause })
  } finally {
    reading.abandon()
  }
}
