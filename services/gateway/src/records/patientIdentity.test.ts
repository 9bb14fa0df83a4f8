import { describe, expect, test } from 'vitest'
import { identifyingWords } from './identifyingWords.ts'
import { patientIdentifier, patientLabel } from './patientIdentity.ts'

const mr = { type: { coding: [{ code: 'MR' }] }, system: 'urn:h', value: '7' }

describe('by what a hospital knows a patient', () => {
  test('the medical record number, else an official identifier, else the first, else the id', () => {
    const patient = (...identifier: object[]) => ({ resourceType: 'Patient', id: 'abc', identifier })
    expect(patientIdentifier(patient({ system: 'urn:ssn', value: '1' }, mr))).toBe('["urn:h","7"]')
    expect(patientIdentifier(patient({ system: 'urn:ssn', value: '1' }, { use: 'official', value: '2' }))).toBe('["","2"]')
    expect(patientIdentifier(patient({ system: 'urn:x' }, { system: 'urn:ssn', value: '1' }))).toBe('["urn:ssn","1"]')
    expect(patientIdentifier({ resourceType: 'Patient', id: 'abc' })).toBe('["Patient.id","abc"]')
  })

  test('error: nothing to know them by', () => {
    expect(() => patientIdentifier({ resourceType: 'Patient', identifier: [{ value: '' }] })).toThrow(
      expect.objectContaining({ code: 'record/no-identifier' }),
    )
  })

  test('name and birth date for the list, empty where there are none', () => {
    const name = [
      { family: 'Old', use: 'maiden' },
      { use: 'official', given: ['Ada', 'M.'], family: 'Byron' },
    ]
    expect(patientLabel({ resourceType: 'Patient', name, birthDate: '1815-12-10' })).toEqual({
      name: 'Ada M. Byron',
      birthDate: '1815-12-10',
    })
    expect(patientLabel({ resourceType: 'Patient', name: [{ text: 'Ada' }] })).toEqual({ name: 'Ada', birthDate: '' })
    expect(patientLabel({ resourceType: 'Patient' })).toEqual({ name: '', birthDate: '' })
  })
})

describe('words that identify', () => {
  const of = (resource: { resourceType: string; [field: string]: unknown }): string[] =>
    identifyingWords([{ fullUrl: undefined, resource, category: undefined }])

  test('are names, addresses and numbers of people, not titles, races or kinds of numbers', () => {
    const words = of({
      resourceType: 'Patient',
      name: [{ prefix: ['Ms.'], given: ['Ada', 'M.'], family: 'van Byron' }],
      address: [{ line: ['1 Fig Lane'], city: 'Bath', postalCode: 'BA1' }],
      telecom: [{ system: 'phone', value: '555-1' }],
      identifier: [{ type: { text: 'Medical Record Number' }, value: 'MRN-1' }],
      contact: [{ name: { text: 'Dr. Lord Byron' }, telecom: [{ value: '555-2' }] }],
      extension: [
        { url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race', extension: [{ url: 'text', valueString: 'White' }] },
        { url: 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName', valueString: 'Annabella Milbanke' },
      ],
    })
    expect(words.sort()).toEqual(
      [
        '1 Fig Lane',
        '555-1',
        '555-2',
        'Ada',
        'Annabella',
        'Annabella Milbanke',
        'BA1',
        'Byron',
        'Dr. Lord Byron',
        'Lord',
        'M.',
        'MRN-1',
        'Milbanke',
        'van Byron',
      ].sort(),
    )
  })

  test('are also how a reference calls whoever treated them, but not how it calls a place', () => {
    const words = of({
      resourceType: 'Procedure',
      performer: [{ actor: { reference: 'Practitioner?identifier=1', display: 'Dr. Quux Zorb' } }],
      location: { reference: 'Location/1', display: 'Ward 4' },
    })
    expect(words).toEqual(['Dr. Quux Zorb', 'Quux', 'Zorb'])
  })
})
