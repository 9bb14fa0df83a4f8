import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'

/** A resource as loosely as tests need it. */
export type TestResource = { resourceType: string; id?: string; [field: string]: unknown }

/** A FHIR Bundle as loosely as tests need it. */
export type TestBundle = {
  resourceType: string
  type: string
  entry: { fullUrl?: string; resource: TestResource }[]
}

const samples = new URL('../data/synthea/', import.meta.url)

/** A sample record as it lies there, gzip. @param name - As in index.json. */
export async function packedSample(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(name, samples)))
}

/** The same, as a Bundle. */
export async function sample(name: string): Promise<TestBundle> {
  return JSON.parse(gunzipSync(await packedSample(name)).toString('utf8'))
}

/** The smallest valid Bundle of a patient. */
export function smallBundle(mrn: string, more: TestResource[] = []): TestBundle {
  const patient: TestResource = {
    resourceType: 'Patient',
    id: `patient-${mrn}`,
    identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'http://hospital.example', value: mrn }],
    name: [{ use: 'official', family: 'Zanzibarova', given: ['Quillfeather'] }],
    birthDate: '1961-07-19',
  }
  const entries = [patient, ...more.map((resource, index) => ({ id: `r${index}`, ...resource }))]
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: entries.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource })),
  }
}

/** A diagnosis of the patient of `smallBundle`. */
export function condition(mrn: string, text: string, more: Record<string, unknown> = {}): TestResource {
  return {
    resourceType: 'Condition',
    subject: { reference: `urn:uuid:patient-${mrn}` },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '195967001', display: text }], text },
    recordedDate: '2024-03-05',
    ...more,
  }
}
