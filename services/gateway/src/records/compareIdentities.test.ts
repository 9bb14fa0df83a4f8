import { describe, expect, test } from 'vitest'
import { contradict, differencesOf } from './compareIdentities.ts'
import { type PatientIdentity, patientIdentity } from './patientIdentity.ts'

const person = (name: object | object[], birthDate?: string, identifier: object[] = []): PatientIdentity =>
  patientIdentity({ resourceType: 'Patient', id: 'p', name: [name].flat(), birthDate, identifier })
const ada = { family: 'Byron', given: ['Ada'] }

describe('whether two patients are the same', () => {
  test.each([
    ['case', ada, { family: 'BYRON', given: ['ada'] }],
    ['accents', { family: 'Müller-Łęcki', given: ['José'] }, { family: 'Muller Lecki', given: ['Jose'] }],
    ['composed and decomposed letters', { family: 'Nu\u0308rnberg', given: ['A'] }, { family: 'N\u00fcrnberg', given: ['A'] }],
    ['apostrophes', { family: 'O’Doherty', given: ['A'] }, { family: "O'Doherty", given: ['A'] }],
    ['order of given names', { family: 'Byron', given: ['Ada', 'Mary'] }, { family: 'Byron', given: ['Mary', 'Ada'] }],
    ['family and given name in each other’s place', ada, { family: 'Ada', given: ['Byron'] }],
    ['one text and parts', { text: 'Byron, Ada' }, ada],
    ['a second given name left out', { family: 'Byron', given: ['Ada', 'Mary'] }, ada],
    ['a title', { ...ada, prefix: ['Dr.'] }, ada],
    [
      'a maiden name beside it',
      [
        { use: 'maiden', family: 'Milbanke', given: ['Ada'] },
        { use: 'official', ...ada },
      ],
      ada,
    ],
    [
      'a name that is in use beside the official one',
      [
        { use: 'official', ...ada },
        { use: 'usual', text: 'Addie' },
      ],
      ada,
    ],
  ])('%s makes no difference', (_what, one, other) => {
    expect(differencesOf(person(one, '1815-12-10'), person(other, '1815-12-10'))).toEqual([])
    expect(differencesOf(person(other, '1815-12-10'), person(one, '1815-12-10'))).toEqual([])
  })

  test.each([
    ['another given name, as of a twin', { family: 'Byron', given: ['Ida'] }],
    ['another second name, as of a twin', { family: 'Byron', given: ['Ada', 'Rose'] }],
    ['another family name, as after a marriage', { family: 'Lovelace', given: ['Ada'] }],
    ['no given name', { family: 'Byron' }],
    ['no name', []],
    ['letters that look alike', { family: 'Byr\u043en', given: ['Ada'] }],
    [
      'a second official name slipped in',
      [
        { use: 'official', family: 'Jones', given: ['Bob'] },
        { use: 'official', ...ada },
      ],
    ],
    [
      'the name only as a maiden name',
      [
        { use: 'official', family: 'Jones', given: ['Bob'] },
        { use: 'maiden', ...ada },
      ],
    ],
    ['one word in common', { text: 'Ada' }],
  ])('error: %s is another name', (_what, other) => {
    const one = { family: 'Byron', given: ['Ada', 'Mary'] }
    expect(differencesOf(person(one, '1815-12-10'), person(other, '1815-12-10'))).toEqual(['name'])
    expect(differencesOf(person(other, '1815-12-10'), person(one, '1815-12-10'))).toEqual(['name'])
  })

  test('error: marks that are letters of their own are not left out', () => {
    expect(differencesOf(person({ text: 'कि दास' }), person({ text: 'का दास' }))).toEqual(['name'])
  })

  test.each([
    ['another', '1815-12-11'],
    ['a missing', undefined],
    ['a shorter', '1815'],
  ])('error: %s birth date is a difference', (_what, birthDate) => {
    expect(differencesOf(person(ada, '1815-12-10'), person(ada, birthDate))).toEqual(['birthDate'])
    expect(differencesOf(person(ada, birthDate), person(ada, '1815-12-10'))).toEqual(['birthDate'])
  })

  test('error: another number of the same system, better than the one they share, says that it is somebody else', () => {
    const mrn = (value: string) => ({ type: { coding: [{ code: 'MR' }] }, system: 'urn:h', value })
    const ssn = (value: string) => ({ type: { coding: [{ code: 'SS' }] }, system: 'urn:s', value })
    const [one, other] = [person(ada, '', [mrn('1'), ssn('5')]), person(ada, '', [mrn('2'), ssn('5')])]
    expect(contradict(one, other, 2)).toBe(true)
    expect(contradict(one, person(ada, '', [mrn('1'), ssn('6')]), 1)).toBe(false)
    expect(contradict(one, person(ada, '', [mrn('2'), mrn('1')]), 2)).toBe(false)
  })
})
