import { describe, expect, test } from 'vitest'
import { identifyingWords } from './identifyingWords.ts'
import { identityOn, patientIdentity, patientLabel } from './patientIdentity.ts'

const mr = { type: { coding: [{ code: 'MR' }] }, system: 'urn:h', value: '7' }
const of = (...identifier: unknown[]) => patientIdentity({ resourceType: 'Patient', id: 'abc', identifier })
const pairs = (...identifier: unknown[]): string[] => of(...identifier).identifiers.map(({ system, value }) => `${system} ${value}`)

describe('by what a hospital knows a patient', () => {
  test('the medical record number first, then numbers of one person alone, then others, then those that a family can share', () => {
    const member = { type: { coding: [{ code: 'MB' }] }, system: 'urn:insurer', value: '5' }
    const social = { system: 'http://hl7.org/fhir/sid/us-ssn', value: '999-19-4778' }
    const official = { use: 'official', system: 'urn:o', value: '3' }
    expect(pairs(member, { system: 'urn:x', value: '4' }, official, social, mr)).toEqual([
      'urn:h 7',
      'http://hl7.org/fhir/sid/us-ssn 999-19-4778',
      'urn:o 3',
      'urn:x 4',
      'urn:insurer 5',
    ])
  })

  test('a system is the same whatever its case, blanks and slash at the end; a value keeps its case', () => {
    const written = [' HTTP://Hospital.example/MRN/ ', 'http://hospital.example/mrn', 'http://hospital.example\u200b/mrn//']
    expect(new Set(written.flatMap((system) => pairs({ system, value: 'aB1' })))).toEqual(new Set(['http://hospital.example/mrn aB1']))
    expect(pairs({ system: 'urn:x', value: ' 943 476 5919 ' })).toEqual(['urn:x 9434765919'])
    expect(pairs({ system: 'urn:x', value: 'ab1' })).not.toEqual(pairs({ system: 'urn:x', value: 'aB1' }))
  })

  test('error: letters that look alike are other letters', () => {
    expect(pairs({ system: 'http://h\u043espital.example', value: '1' })).not.toEqual(
      pairs({ system: 'http://hospital.example', value: '1' }),
    )
  })

  test.each([
    ['no system', { value: '1' }],
    ['a blank system', { system: '  ', value: '1' }],
    ['a system that is absent for a reason', { _system: { extension: [{ url: 'x', valueCode: 'unknown' }] }, value: '1' }],
    ['a system that is the name of a gap', { system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', value: 'unknown' }],
    ['a system that is a code system', { system: 'http://terminology.hl7.org/CodeSystem/v2-0203', value: '1' }],
    ['a system that is only a scheme', { system: 'urn:oid:', value: '1' }],
    ['no value', { system: 'urn:h' }],
    ['a blank value', { system: 'urn:h', value: ' \u00a0 ' }],
    ['zeros', { system: 'urn:h', value: '000' }],
    ['zeros with hyphens', { system: 'urn:h', value: '000-00-0000' }],
    ['nines', { system: 'urn:h', value: '999999999' }],
    ['a word for a gap', { system: 'urn:h', value: 'Unknown' }],
    ['N/A', { system: 'urn:h', value: 'N/A' }],
    ['dashes', { system: 'urn:h', value: '---' }],
    ['one letter over and over', { system: 'urn:h', value: 'XXXXXXXX' }],
    ['an old number', { use: 'old', system: 'urn:h', value: '1' }],
    ['a temporary number', { use: 'temp', system: 'urn:h', value: '1' }],
    ['a number as a number', { system: 'urn:h', value: 1 }],
    ['a page of text', { system: 'urn:h', value: 'a1'.repeat(1_000) }],
    ['null', null],
  ])('error: %s identifies nobody', (_what, identifier) => {
    expect(of(identifier).identifiers).toEqual([])
  })

  test('a number whose period has ended is the patient’s no longer', () => {
    const ended = of(
      { system: 'urn:h', value: '1', period: { end: '2024-05' } },
      { system: 'urn:h', value: '2', period: { end: '2024-06-30' } },
    )
    const values = (today: string): string[] => identityOn(ended, today).identifiers.map(({ value }) => value)
    expect(values('2024-05-31')).toEqual(['1', '2'])
    expect(values('2024-06-30')).toEqual(['2'])
    expect(values('2024-07-01')).toEqual([])
  })

  test('of thousands of identifiers only forty are looked at, the best among them', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({ system: 'urn:x', value: `n${index}` }))
    expect(of(...many, mr).identifiers).toHaveLength(40)
    expect(of(...many, mr).identifiers[0]?.value).toBe('7')
  })

  test('error: nothing to know them by', () => {
    expect(() => patientIdentity({ resourceType: 'Patient', identifier: [{ value: '' }] })).toThrow(
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
    expect(patientLabel({ resourceType: 'Patient', name: [{ given: [null, 'Ines'], family: 'Falkenrath' }] })).toEqual({
      name: 'Ines Falkenrath',
      birthDate: '',
    })
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
