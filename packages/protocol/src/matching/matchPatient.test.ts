import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCriteria } from './criteria.ts'
import { matchPatient } from './matchPatient.ts'
import {
  aged,
  comparing,
  concept,
  condition,
  DAY,
  diagnosed,
  flu,
  gendered,
  group,
  HBA1C,
  hba1c,
  LN,
  METFORMIN,
  measuring,
  operated,
  patient,
  quantity,
  RX,
  request,
  SCT,
  taking,
  within,
} from './testing.ts'

const match = (characteristic: unknown, ...resources: readonly unknown[]) =>
  matchPatient(parseCriteria(group(characteristic)), resources, { day: DAY })
const verdict = (characteristic: unknown, ...resources: readonly unknown[]) => match(characteristic, ...resources).verdict
const missing = (characteristic: unknown, ...resources: readonly unknown[]) =>
  match(characteristic, ...resources).criteria.flatMap((each) => each.missing.map(({ reason, source }) => [reason, source]))

describe('age and sex', () => {
  test.each([
    ['2008-11-21', 'met'],
    ['2008-11-22', 'not-met'],
    ['1960-11-22', 'met'],
    ['1960-11-21', 'not-met'],
    ['1990', 'met'],
    ['2008', 'unknown'],
    ['2008-11', 'unknown'],
    ['2008-10', 'met'],
    ['2020', 'not-met'],
    ['2030', 'unknown'],
    ['not a date', 'unknown'],
    [undefined, 'unknown'],
  ])('18 to 65 years, born %s: %s', (birthDate, expected) => {
    expect(verdict(aged(18, 65), patient({ birthDate }))).toBe(expected)
  })

  test('bounds may be open, and in months', () => {
    expect(verdict(aged(18, undefined), patient())).toBe('met')
    expect(verdict(aged(undefined, 17), patient())).toBe('not-met')
    expect(verdict(aged(6, 23, 'mo'), patient({ birthDate: '2026-05-21' }))).toBe('met')
    expect(verdict(aged(6, 23, 'mo'), patient({ birthDate: '2026-05-22' }))).toBe('not-met')
  })

  test('gender is compared; what is not said is unknown', () => {
    expect(verdict(gendered('female'), patient())).toBe('met')
    expect(verdict(gendered('male'), patient())).toBe('not-met')
    expect(verdict(gendered('male'), patient({ gender: 'unknown' }))).toBe('unknown')
    expect(verdict(gendered('male'), patient({ gender: undefined }))).toBe('unknown')
    expect(verdict(gendered('female'))).toBe('unknown')
  })

  test('sex noted at birth is not taken from the gender', () => {
    const bornFemale = { code: concept(LN, '76689-9'), valueCodeableConcept: concept(SCT, '248152002'), exclude: false }
    const noted = { extension: [{ url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex', valueCode: 'F' }] }
    expect(verdict(bornFemale, patient())).toBe('unknown')
    expect(verdict(bornFemale, patient(noted))).toBe('met')
  })

  test('who has died meets no study', () => {
    expect(match(aged(18, 65), patient({ deceasedBoolean: true }))).toMatchObject({ verdict: 'not-met', isDeceased: true })
    expect(verdict(aged(18, 65), patient({ deceasedDateTime: '2026-11-20' }))).toBe('not-met')
    expect(verdict(aged(18, 65), patient({ deceasedDateTime: 'lost' }))).toBe('not-met')
    expect(verdict(aged(18, 65), patient({ deceasedBoolean: false }))).toBe('met')
  })
})

describe('conditions', () => {
  test.each([
    ['active', condition('c'), 'met'],
    ['resolved', condition('c', {}, 'resolved'), 'not-met'],
    ['in remission', condition('c', {}, 'remission'), 'not-met'],
    ['provisional', condition('c', {}, 'active', 'provisional'), 'unknown'],
    ['of a later onset', condition('c', { onsetDateTime: '2027' }), 'not-met'],
    ['of a vague onset this year', condition('c', { onsetDateTime: '2026' }), 'met'],
    ['without onset', condition('c', { onsetDateTime: undefined }), 'met'],
    ['of no clinical status', condition('c', { clinicalStatus: undefined }), 'unknown'],
    ['of no clinical status, abated', condition('c', { clinicalStatus: undefined, abatementDateTime: '2025' }), 'not-met'],
    ['abated at some age', condition('c', { clinicalStatus: undefined, abatementAge: quantity(44, 'a') }), 'not-met'],
    ['active, but abated', condition('c', { abatementDateTime: '2025' }), 'unknown'],
    ['of another code', flu, 'not-met'],
    ['of another code system', condition('c', { code: concept('http://hl7.org/fhir/sid/icd-10', 'E11') }), 'unknown'],
    ['of text only', condition('c', { code: { text: 'Diabetes' } }), 'unknown'],
    ['unreadable', { ...condition('c'), onsetDateTime: 7, code: 7 }, 'unknown'],
  ])('one that is %s', (_, resource, expected) => {
    expect(verdict(diagnosed(), resource)).toBe(expected)
    expect(verdict(diagnosed({ exclude: true }), resource)).toBe({ met: 'not-met', 'not-met': 'met', unknown: 'unknown' }[expected])
  })

  test('what is refuted or entered in error never counts', () => {
    expect(verdict(diagnosed(), condition('c', {}, 'active', 'refuted'), flu)).toBe('not-met')
    expect(verdict(diagnosed(), condition('c', {}, 'active', 'entered-in-error'), flu)).toBe('not-met')
    expect(verdict(diagnosed(), condition('c', {}, 'active', 'refuted'))).toBe('unknown')
  })

  test('a record without any condition does not say that there is none', () => {
    expect(verdict(diagnosed(), patient())).toBe('unknown')
    expect(verdict(diagnosed({ exclude: true }), patient())).toBe('unknown')
    expect(missing(diagnosed(), patient())).toEqual([['not-in-record', undefined]])
  })

  test('lists count for complete only where that is wanted', () => {
    const strict = (...resources: readonly unknown[]) =>
      matchPatient(parseCriteria(group(diagnosed())), resources, { day: DAY, absence: 'unknown' }).verdict
    expect([strict(flu), strict(flu, condition('c')), strict(flu, condition('c', {}, 'resolved'))]).toEqual(['unknown', 'met', 'not-met'])
  })

  test('any of several codes is enough, of one resource', () => {
    const either = diagnosed({}, '44054006', '46635009')
    expect(verdict(either, condition('c', { code: concept(SCT, '46635009') }))).toBe('met')
    expect(match(either, condition('b'), condition('a'), flu).criteria[0]?.evidence).toEqual([
      { source: 'Condition/a', found: '44054006, active, confirmed', verdict: 'met' },
      { source: 'Condition/b', found: '44054006, active, confirmed', verdict: 'met' },
    ])
  })

  test.each([
    ['2019-01-01', '2021-01-01', 'met'],
    ['2020-03-01', '2020-03-01', 'met'],
    ['2019-01-01', '2020-02-29', 'not-met'],
    ['2021-06-15', '2021-06-15', 'met'],
    ['2022-02-01', '2023-01-01', 'not-met'],
    ['2022-01-20', '2023-01-01', 'unknown'],
  ])('lasting from 1 March 2020 to January 2022, asked from %s to %s: %s', (start, end, expected) => {
    const past = condition('c', { abatementDateTime: '2022-01' }, 'resolved')
    expect(verdict(diagnosed({ period: { start, end } }), past)).toBe(expected)
  })

  test('a resolved one without an end may have ended at any time since', () => {
    expect(verdict(diagnosed(within(6, 'mo')), condition('c', {}, 'resolved'))).toBe('unknown')
    expect(missing(diagnosed(within(6, 'mo')), condition('c', {}, 'resolved'))).toEqual([['date-too-vague', 'Condition/c']])
    expect(verdict(diagnosed(within(10, 'a')), condition('c', {}, 'resolved'))).toBe('met')
  })
})

describe('medications and procedures', () => {
  test.each([
    ['active', {}, 'active', 'met'],
    ['stopped', {}, 'stopped', 'not-met'],
    ['completed', {}, 'completed', 'not-met'],
    ['on hold', {}, 'on-hold', 'unknown'],
    ['of a later date', { authoredOn: '2027-01-01' }, 'active', 'not-met'],
    ['of another drug', { medicationCodeableConcept: concept(RX, '1') }, 'active', 'not-met'],
    [
      'of an unknown drug',
      { medicationCodeableConcept: undefined, medicationReference: { reference: 'Medication/gone' } },
      'active',
      'unknown',
    ],
  ])('a request that is %s', (_, more, status, expected) => {
    expect(verdict(taking(), request('m', more, status))).toBe(expected)
  })

  test('cancelled, drafted, forbidden and merely proposed ones never count', () => {
    const other = request('o', { medicationCodeableConcept: concept(RX, '1') })
    for (const one of [request('m', {}, 'cancelled'), request('m', {}, 'draft'), request('m', {}, 'entered-in-error')])
      expect(verdict(taking(), one, other)).toBe('not-met')
    expect(verdict(taking(), request('m', { doNotPerform: true }), other)).toBe('not-met')
    expect(verdict(taking(), request('m', { intent: 'proposal' }), other)).toBe('not-met')
  })

  test('a drug is also found behind a reference, in the record or contained', () => {
    const referring = (reference: string, more: object = {}) =>
      request('m', { medicationCodeableConcept: undefined, medicationReference: { reference }, ...more })
    const drug = { resourceType: 'Medication', id: 'd', code: concept(RX, METFORMIN) }
    expect(verdict(taking(), referring('urn:uuid:d'), drug)).toBe('met')
    expect(verdict(taking(), referring('#d', { contained: [drug] }))).toBe('met')
  })

  test('a window is about when it was prescribed or taken', () => {
    const given = {
      resourceType: 'MedicationAdministration',
      id: 'g',
      status: 'completed',
      effectiveDateTime: '2026-11-01',
      medicationCodeableConcept: concept(RX, METFORMIN),
    }
    const said = { ...given, resourceType: 'MedicationStatement', id: 's', effectiveDateTime: undefined }
    expect(verdict(taking(within(30, 'd')), given)).toBe('met')
    expect(verdict(taking(within(10, 'd')), given)).toBe('not-met')
    expect(verdict(taking(), given)).toBe('not-met')
    expect(verdict(taking(), { ...said, status: 'active', effectivePeriod: { start: '2026-01' } })).toBe('met')
    expect(verdict(taking(), { ...said, status: 'not-taken' }, given)).toBe('not-met')
    expect(verdict(taking(within(30, 'd')), { ...said, effectivePeriod: { start: '2020', end: '2026-10-21' } })).toBe('not-met')
    expect(verdict(taking(within(30, 'd')), request('m', {}, 'stopped'))).toBe('unknown')
  })

  test('a procedure is asked for at any time, unless a window is given', () => {
    const removal = {
      resourceType: 'Procedure',
      id: 'x',
      status: 'completed',
      code: concept(SCT, '80146002'),
      performedDateTime: '2015-04',
    }
    expect(verdict(operated('80146002'), removal)).toBe('met')
    expect(verdict(operated('80146002', within(5, 'a')), removal)).toBe('not-met')
    expect(verdict(operated('80146002', { period: { start: '2015-04-10', end: '2015-12-31' } }), removal)).toBe('unknown')
    expect(verdict(operated('80146002'), { ...removal, status: 'not-done' }, { ...removal, id: 'y', code: concept(SCT, '1') })).toBe(
      'not-met',
    )
    expect(verdict(operated('80146002'), { ...removal, performedDateTime: undefined })).toBe('met')
  })
})

describe('observations', () => {
  test.each([
    [7, 'met'],
    [10, 'met'],
    [6.999, 'not-met'],
    [10.001, 'not-met'],
  ])('asked from 7 to 10, and the newest is %s: %s', (value, expected) => {
    const values = [hba1c('new', value, '2026-10-01'), hba1c('old', value < 8 && value >= 7 ? 20 : 8, '2026-01-01')]
    expect(verdict(measuring(7, 10), ...values)).toBe(expected)
    expect(verdict(measuring(7, 10), ...values.reverse())).toBe(expected)
  })

  test.each([
    ['<', 7, { '6.9': 'met', '7': 'not-met' }],
    ['<=', 7, { '7': 'met', '7.1': 'not-met' }],
    ['>', 7, { '7': 'not-met', '7.1': 'met' }],
    ['>=', 7, { '7': 'met', '6.9': 'not-met' }],
    [undefined, 7, { '7': 'met', '7.1': 'not-met' }],
  ])('asked %s %s', (comparator, bound, expected) => {
    for (const [value, verdictOf] of Object.entries(expected))
      expect(verdict(comparing(comparator, bound), hba1c('a', Number(value), '2026-10-01'))).toBe(verdictOf)
  })

  test('"below 5" is no number: it may be inside or not', () => {
    const below = (value: number, comparator: string) =>
      hba1c('a', 0, '2026-10-01', '%', { valueQuantity: quantity(value, '%', comparator) })
    expect(verdict(comparing('<', 7), below(5, '<'))).toBe('met')
    expect(verdict(comparing('<', 5), below(5, '<'))).toBe('met')
    expect(verdict(comparing('<', 5), below(5, '<='))).toBe('unknown')
    expect(verdict(comparing('>=', 5), below(5, '<'))).toBe('not-met')
    expect(verdict(comparing('>=', 4), below(5, '<'))).toBe('unknown')
    expect(verdict(measuring(7, 10), below(8, '>'))).toBe('unknown')
    expect(verdict(measuring(7, 10), below(10, '>'))).toBe('not-met')
    expect(verdict(measuring(7, 10), below(10, '>='))).toBe('unknown')
  })

  test('units convert by rule or not at all', () => {
    const glucose = (value: number, unit: string, more: object = {}) => ({
      ...hba1c('a', value, '2026-10-01', unit, { code: concept(LN, '2345-7') }),
      ...more,
    })
    const asked = measuring(126, 500, 'mg/dL', {}, '2345-7')
    expect(verdict(asked, glucose(7, 'mmol/L'))).toBe('met')
    expect(verdict(asked, glucose(6.9, 'mmol/L'))).toBe('not-met')
    expect(missing(asked, glucose(7, 'mmol'))).toEqual([['no-known-unit', 'Observation/a']])
    expect(verdict(asked, glucose(130, 'mg/dL', { valueQuantity: { value: 130, unit: 'mg/dL' } }))).toBe('unknown')
    expect(verdict(measuring(6, 8), hba1c('a', 48, '2026-10-01', 'mmol/mol'))).toBe('unknown')
  })

  test('a value that cannot be compared hides older ones', () => {
    expect(verdict(measuring(7, 10), hba1c('new', 8, '2026-10-01', 'kg'), hba1c('old', 8, '2026-01-01'))).toBe('unknown')
  })

  test('a window ends on the day and begins so long before it', () => {
    const asked = measuring(7, 10, '%', within(3, 'mo'))
    expect(verdict(asked, hba1c('a', 8, '2026-08-21'))).toBe('met')
    expect(verdict(asked, hba1c('a', 8, '2026-08-20'))).toBe('unknown')
    expect(verdict(asked, hba1c('a', 8, '2026-11-22'))).toBe('unknown')
    expect(missing(asked, hba1c('a', 8, '2026-08-20'))).toEqual([['not-in-record', undefined]])
    expect(verdict(asked, hba1c('a', 8, '2026-08'))).toBe('unknown')
    expect(verdict(asked, hba1c('a', 8, '2026-08'), hba1c('b', 9, '2026-09'))).toBe('met')
    expect(verdict(asked, hba1c('a', 8, '2026-10-01'), hba1c('b', 20, '2026-08'))).toBe('met')
  })

  test('values that may each be the newest have to agree', () => {
    expect(verdict(measuring(7, 10), hba1c('a', 8, '2026-10'), hba1c('b', 9, '2026-10-05'))).toBe('met')
    expect(verdict(measuring(7, 10), hba1c('a', 8, '2026-10'), hba1c('b', 11, '2026-10-05'))).toBe('unknown')
    expect(missing(measuring(7, 10), hba1c('a', 8, '2026-10'), hba1c('b', 11, '2026-10-05'))).toEqual([
      ['date-too-vague', 'Observation/a'],
      ['date-too-vague', 'Observation/b'],
    ])
    expect(verdict(measuring(7, 10), hba1c('a', 8, '2026-10'), hba1c('b', 11, '2026-09-05'))).toBe('met')
  })

  test('withdrawn values never count, preliminary ones leave it open', () => {
    expect(
      verdict(measuring(7, 10), hba1c('new', 20, '2026-10-01', '%', { status: 'entered-in-error' }), hba1c('old', 8, '2026-01-01')),
    ).toBe('met')
    expect(verdict(measuring(7, 10), hba1c('new', 20, '2026-10-01', '%', { status: 'preliminary' }), hba1c('old', 8, '2026-01-01'))).toBe(
      'unknown',
    )
    expect(verdict(measuring(7, 10), hba1c('new', 8, '2026-10-01', '%', { status: 'preliminary' }))).toBe('unknown')
    expect(verdict(measuring(7, 10), { ...hba1c('new', 8, '2026-10-01'), valueQuantity: undefined }, hba1c('old', 8, '2026-01-01'))).toBe(
      'met',
    )
  })

  test('components, concepts, whole numbers and yes or no are compared', () => {
    const panel = {
      ...hba1c('bp', 0, '2026-10-01'),
      code: concept(LN, '85354-9'),
      valueQuantity: undefined,
      component: [{ code: concept(LN, '8480-6'), valueQuantity: quantity(150, 'mm[Hg]') }],
    }
    expect(verdict(measuring(140, 300, 'mm[Hg]', {}, '8480-6'), panel)).toBe('met')
    const smoking = { code: concept(LN, '72166-2'), valueCodeableConcept: concept(SCT, '266919005'), exclude: false }
    const never = {
      ...hba1c('s', 0, '2026-10-01'),
      code: concept(LN, '72166-2'),
      valueQuantity: undefined,
      valueCodeableConcept: concept(SCT, '266919005'),
    }
    expect(verdict(smoking, never)).toBe('met')
    expect(verdict(smoking, { ...never, valueCodeableConcept: concept(SCT, '77176002') })).toBe('not-met')
    expect(verdict(smoking, { ...never, valueCodeableConcept: { text: 'never' } })).toBe('unknown')
    expect(verdict(smoking, { ...never, valueCodeableConcept: undefined, valueString: 'never' })).toBe('unknown')
    const yes = (valueBoolean: boolean) => ({ code: concept(LN, '1-8'), valueBoolean, exclude: false })
    const said = { ...never, code: concept(LN, '1-8'), valueCodeableConcept: undefined, valueBoolean: true }
    expect([verdict(yes(true), said), verdict(yes(false), said)]).toEqual(['met', 'not-met'])
    const counted = { ...never, code: concept(LN, HBA1C), valueCodeableConcept: undefined, valueInteger: 3 }
    expect(verdict(measuring(2, 4, '{score}'), counted)).toBe('met')
  })

  test('what was never measured is unknown, and named', () => {
    expect(match(measuring(7, 10), patient()).criteria[0]).toEqual({
      characteristic: 1,
      asked: 'newest 4548-4 from 7 to 10 %',
      isExcluded: false,
      verdict: 'unknown',
      evidence: [],
      missing: [{ reason: 'not-in-record', what: 'such a value in the time that is asked for' }],
    })
  })
})

describe('matchPatient', () => {
  const everything = [patient(), condition('c'), flu, request('m'), hba1c('a', 8, '2026-10-01'), hba1c('b', 9, '2026-10')]
  const all = parseCriteria(group(aged(18, 65), gendered('female'), diagnosed(), taking(), measuring(7, 10, '%', within(6, 'mo'))))

  test('all criteria have to be met; one that is not decides over those unknown', () => {
    expect(matchPatient(all, everything, { day: DAY }).verdict).toBe('met')
    expect(matchPatient(all, [patient(), condition('c')], { day: DAY }).verdict).toBe('unknown')
    expect(matchPatient(all, [patient({ gender: 'male' })], { day: DAY }).verdict).toBe('not-met')
    expect(matchPatient(all, [], { day: DAY }).verdict).toBe('unknown')
  })

  test('the order of resources changes nothing', () => {
    const expected = JSON.stringify(matchPatient(all, everything, { day: DAY }))
    fc.assert(
      fc.property(fc.shuffledSubarray(everything, { minLength: everything.length }), (shuffled) => {
        expect(JSON.stringify(matchPatient(all, shuffled, { day: DAY }))).toBe(expected)
      }),
      { seed: 6, numRuns: 50 },
    )
  })

  test('race, name and address change nothing', () => {
    const named = patient({ name: [{ family: 'X' }], address: [{ city: 'Y' }], extension: [{ url: 'race', valueCode: 'z' }] })
    expect(matchPatient(all, [named, ...everything.slice(1)], { day: DAY })).toEqual(matchPatient(all, everything, { day: DAY }))
  })

  test('garbage is passed over', () => {
    fc.assert(
      fc.property(fc.array(fc.anything(), { maxLength: 5 }), (garbage) => {
        expect(matchPatient(all, [...everything, ...garbage.filter((one) => !isFhir(one))], { day: DAY }).verdict).toBe('met')
      }),
      { seed: 6, numRuns: 200 },
    )
  })

  test('resources with fields of any kind are compared or left unknown, and none makes it fail', () => {
    const sound = [patient(), condition('c'), request('m'), hba1c('a', 8, '2026-10-01')]
    const fields = [...new Set(sound.flatMap(Object.keys))].filter((field) => !['resourceType', 'subject', 'id'].includes(field))
    const odd = fc.dictionary(
      fc.constantFrom(...fields),
      fc.oneof(fc.anything(), fc.constantFrom('2026', 'active', { coding: [{}] }, { value: 1 })),
    )
    fc.assert(
      fc.property(fc.constantFrom(...sound), odd, (resource, broken) => {
        const { criteria } = matchPatient(
          all,
          [patient(), { ...resource, id: 'x', ...broken }].slice(resource.resourceType === 'Patient' ? 1 : 0),
          { day: DAY },
        )
        expect(criteria).toHaveLength(5)
      }),
      { seed: 6, numRuns: 3_000 },
    )
  })

  test('more knowledge never turns a verdict that is certain: unknown is the only way between', () => {
    fc.assert(
      fc.property(fc.constantFrom('2026-05-20', '2026-05-21', '2026-05-22', '2025-12-31', '2026-11-20'), fc.nat(2), (date, cut) => {
        const lengths = [10, 7, 4]
        const exact = verdict(measuring(7, 10, '%', within(6, 'mo')), hba1c('a', 8, date))
        const blurred = verdict(measuring(7, 10, '%', within(6, 'mo')), hba1c('a', 8, date.slice(0, lengths[cut])))
        expect([exact, 'unknown']).toContain(blurred)
      }),
      { seed: 6 },
    )
  })

  test('error: two patients are not matched', () => {
    const thrown = expect.objectContaining({ code: 'matching/two-patients' })
    expect(() => matchPatient(all, [patient(), patient({ id: 'q' })], { day: DAY })).toThrow(thrown)
    expect(() => matchPatient(all, [...everything, condition('x', { subject: { reference: 'Patient/other' } })], { day: DAY })).toThrow(
      thrown,
    )
  })

  test('error: a day that is none', () => {
    for (const day of ['2026-11', '2026-02-30', 'today', ''])
      expect(() => matchPatient(all, everything, { day })).toThrow(expect.objectContaining({ code: 'matching/no-day' }))
  })

  test('a real Synthea record is matched, with its own units and codes', () => {
    const file = new URL('../../../../test/data/synthea/mercy/Leonie332_Becker968.json.gz', import.meta.url)
    const bundle: { entry: { resource: { resourceType: string } }[] } = JSON.parse(gunzipSync(readFileSync(file)).toString())
    const resources = bundle.entry.map(({ resource }) => resource)
    const criteria = parseCriteria(
      group(aged(18, 120), measuring(10, 60, 'kg/m2', {}, '39156-5'), measuring(50, 500, '[lb_av]', {}, '29463-7')),
    )
    expect(
      matchPatient(criteria, resources, { day: DAY }).criteria.map(({ verdict: each, evidence, missing: lacking }) => [
        each,
        evidence.length,
        lacking,
      ]),
    ).toMatchInlineSnapshot(`
      [
        [
          "met",
          1,
          [],
        ],
        [
          "met",
          1,
          [],
        ],
        [
          "met",
          1,
          [],
        ],
      ]
    `)
  })
})

function isFhir(one: unknown): boolean {
  return typeof one === 'object' && one !== null && 'resourceType' in one
}
