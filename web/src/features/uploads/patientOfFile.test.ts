import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { patientOfFile } from './patientOfFile.ts'

const patient = {
  resourceType: 'Patient',
  name: [
    { use: 'maiden', family: 'Old' },
    { use: 'official', given: [null, 'Ines'], family: 'Falkenrath' },
  ],
  birthDate: '1980-02-03',
  identifier: [{ system: 'urn:h', value: '7' }, { value: '8' }, { system: 'urn:x' }],
}
const text = JSON.stringify({
  resourceType: 'Bundle',
  entry: [{ fullUrl: 'x' }, { resource: { resourceType: 'Condition' } }, { resource: patient }],
})

test('the Patient of a file is read, plain or gzip', async () => {
  const expected = { name: 'Ines Falkenrath', birthDate: '1980-02-03', identifiers: ['7 (urn:h)', '8 (no system)'] }
  expect(await patientOfFile(new Blob([text]))).toEqual(expected)
  expect(await patientOfFile(new Blob([gzipSync(text)]))).toEqual(expected)
})

test('error: a file without a Patient, or that is no JSON, gives none', async () => {
  for (const content of ['{"entry":[]}', '[]', 'Dear hospital', '']) expect(await patientOfFile(new Blob([content]))).toBeUndefined()
})
