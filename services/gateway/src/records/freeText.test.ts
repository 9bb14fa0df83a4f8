import {
  CATEGORY_KEYS,
  type CategoryKey,
  categoryOf,
  LEFT_OUT_SYSTEM,
  type ResourceLike,
  recordIdSchema,
  SENSITIVITY_KEYS,
  type SensitivityKey,
} from '@medsync/protocol'
import { describe, expect, test } from 'vitest'
import { type DisclosedBundle, disclose, type Permit } from './disclose.ts'
import { entrySensitivities, type ReadEntry } from './entrySensitivities.ts'
import { identifyingWords } from './identifyingWords.ts'
import type { OpenedRecord, StoredEntry } from './openedRecord.ts'
import { MARK, PLANTED, plantedResource } from './plantedRecord.fixture.ts'
import { RELEASED_FIELDS } from './releasedFields.ts'

const KEY = new Uint8Array(32).fill(7)
const ABOUT = { reference: 'urn:uuid:the-patient' }
const LAB = [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] }]
const MASKED = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }] }
const patient: ResourceLike = {
  resourceType: 'Patient',
  id: 'the-patient',
  name: [{ family: 'Oyelaran', given: ['Thandiwe'] }],
  identifier: [{ system: 'urn:h', value: 'MRN-99' }],
}

function opened(resources: readonly ResourceLike[], sensitivities?: readonly SensitivityKey[]): OpenedRecord {
  const entries: ReadEntry[] = resources.map((resource) => ({
    fullUrl: `urn:uuid:${resource.id}`,
    resource,
    category: categoryOf(resource),
  }))
  const ofEntries = entrySensitivities(entries)
  const parts = new Map<CategoryKey, StoredEntry[]>()
  entries.forEach(({ fullUrl, resource, category }, index) => {
    if (category !== undefined)
      parts.set(category, [...(parts.get(category) ?? []), { fullUrl, resource, sensitivities: ofEntries[index] ?? [] }])
  })
  return {
    record: recordIdSchema.parse('11111111-1111-4111-8111-111111111111'),
    parts,
    ...(sensitivities === undefined ? {} : { sensitivities }),
    patientUrls: ['urn:uuid:the-patient', 'Patient/the-patient'],
    identifyingWords: identifyingWords(entries),
  }
}

async function released(
  resources: readonly ResourceLike[],
  categories: readonly CategoryKey[],
  sensitivities: readonly SensitivityKey[] = SENSITIVITY_KEYS,
): Promise<DisclosedBundle> {
  const permit: Permit = { decision: 'permit', categories, dataFromS: 0, dataToS: 0, sensitivities }
  return disclose(opened(resources), permit, KEY)
}

async function observed(fields: object, categories: readonly CategoryKey[] = ['laboratory'], about = patient): Promise<ResourceLike> {
  const bundle = await released(
    [
      about,
      {
        resourceType: 'Observation',
        id: 'o',
        status: 'final',
        subject: ABOUT,
        category: LAB,
        code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
        ...fields,
      },
    ],
    categories,
  )
  const [resource] = bundle.entry.map((entry) => entry.resource).filter(({ resourceType }) => resourceType === 'Observation')
  if (resource === undefined) throw new Error('the observation did not leave')
  return resource
}

/** Everything in it, with what is in Base64 unpacked. */
function allOf(value: unknown): string {
  const unpacked: string[] = []
  const text = JSON.stringify(value, (field, inner: unknown) => {
    if (field === 'data' && typeof inner === 'string') unpacked.push(Buffer.from(inner, 'base64').toString('utf8'))
    return inner
  })
  return [text, ...unpacked].join('\n')
}

describe('words planted in every element of every resource that FHIR R4 has', () => {
  const types = Object.keys(RELEASED_FIELDS)
  const planted = [false, true].map((isCoded) => types.map((type) => plantedResource(type, isCoded)))
  const demographic = (resource: ResourceLike): ResourceLike => ({ ...resource, name: undefined, address: undefined })

  test.each(CATEGORY_KEYS.filter((key) => key !== 'documents'))('do not leave as %s', async (category) => {
    for (const resources of planted) {
      const permit: Permit = { decision: 'permit', categories: [category], dataFromS: 0, dataToS: 0, sensitivities: SENSITIVITY_KEYS }
      // Without names to take out, so that what is not there was left out.
      const bundle = await disclose({ ...opened(resources), identifyingWords: [] }, permit, KEY)
      const expected = resources.filter((resource) => categoryOf(resource) === category)
      expect(bundle.entry.map(({ resource }) => resource.resourceType)).toEqual(
        expect.arrayContaining(expected.map((each) => each.resourceType)),
      )
      // Name and address are what demographics are; nothing else of a Patient is in words.
      expect(allOf(bundle.entry.map(({ resource }) => (category === 'demographics' ? demographic(resource) : resource)))).not.toContain(
        MARK,
      )
    }
  })

  test('leave under notes and documents, without the names in them', async () => {
    for (const resources of planted) {
      const bundle = await released([patient, ...resources.filter(({ resourceType }) => resourceType !== 'Patient')], CATEGORY_KEYS)
      const withText = bundle.entry.filter(({ resource }) => allOf(resource).includes(MARK)).map(({ resource }) => resource.resourceType)
      expect(withText).toEqual(
        expect.arrayContaining(['Observation', 'CarePlan', 'DocumentReference', 'QuestionnaireResponse', 'Procedure']),
      )
      const others = bundle.entry.filter(({ resource }) => resource.resourceType !== 'Patient')
      expect(allOf(others)).not.toMatch(/Oyelaran|MRN-99/)
    }
  })

  test('need everything sensitive that is in the record, also in a part that was not opened', async () => {
    const note = { resourceType: 'Observation', id: 'o', subject: ABOUT, category: LAB, valueString: PLANTED }
    const hiv = { resourceType: 'Condition', id: 'c', subject: ABOUT, meta: { security: [{ code: 'HIV' }] } }
    const both: readonly CategoryKey[] = ['laboratory', 'documents']
    expect(allOf(await released([patient, note, hiv], both, []))).not.toContain(MARK)
    expect(allOf(await released([patient, note, hiv], both, ['hiv']))).toContain(MARK)
    const permit: Permit = { decision: 'permit', categories: both, dataFromS: 0, dataToS: 0, sensitivities: ['violence'] }
    expect(allOf(await disclose(opened([patient, note], ['violence']), permit, KEY))).toContain(MARK)
    expect(allOf(await disclose(opened([patient, note], ['violence', 'hiv']), permit, KEY))).not.toContain(MARK)
  })

  test('need what they themselves name in words, though no code in the record does', async () => {
    const said = (valueString: string) => ({ resourceType: 'Observation', id: 'o', subject: ABOUT, category: LAB, valueString })
    const of = async (words: string, sensitivities: readonly SensitivityKey[]) =>
      (await released([patient, said(words)], ['laboratory', 'documents'], sensitivities)).entry[0]?.resource.valueString
    expect(await of('Sleeps well, walks the dog.', [])).toBe('Sleeps well, walks the dog.')
    expect(await of('Asked about HIV.', [])).toBeUndefined()
    expect(await of('Asked about HIV.', ['hiv'])).toBe('Asked about HIV.')
    expect(await of('Drinks heavily since the assault.', ['substance-use'])).toBeUndefined()
    expect(await of('Drinks heavily since the assault.', ['substance-use', 'violence'])).toBe('Drinks heavily since the assault.')
    expect(await of('Congenital heart disease, crackles at both bases.', [])).toBe('Congenital heart disease, crackles at both bases.')
  })

  test('are counted when they are left out, and the field says that it is masked', async () => {
    const note = { resourceType: 'Observation', id: 'o', subject: ABOUT, category: LAB, valueString: PLANTED, method: { text: PLANTED } }
    const bundle = await released([patient, note], ['laboratory'])
    expect(bundle.meta).toEqual({ tag: [{ system: LEFT_OUT_SYSTEM, code: '2', display: '2 free texts were left out' }] })
    expect(bundle.entry[0]?.resource).toMatchObject({ _valueString: MASKED, method: MASKED })
    expect((await released([patient], ['demographics'])).meta).toBeUndefined()
  })
})

describe('what is coded still leaves without its text', () => {
  test('a code of a public system with its display, and the text that repeats the display', async () => {
    const code = { coding: [{ system: 'http://loinc.org', code: '6690-2', display: 'Leukocytes [#/volume] in Blood' }] }
    expect((await observed({ code: { ...code, text: 'Leukocytes [#/volume] in Blood' } })).code).toEqual({
      ...code,
      text: 'Leukocytes [#/volume] in Blood',
    })
    expect((await observed({ code: { ...code, text: 'white cells, ask Dr. Foo' } })).code).toEqual(code)
  })

  test('a code of the hospital’s own system without its display; none without a system', async () => {
    const code = { coding: [{ system: 'https://h.example/codes', code: 'WBC-2', display: 'white cells, ask Dr. Foo' }] }
    expect((await observed({ code })).code).toEqual({ coding: [{ system: 'https://h.example/codes', code: 'WBC-2' }] })
    expect((await observed({ code: { coding: [{ code: 'seen-by-foo', display: 'Foo' }] } })).code).toEqual(MASKED)
    expect((await observed({ code: { coding: [{ system: 'http://loinc.org', code: 'seen-by-foo' }] } })).code).toEqual(MASKED)
    expect((await observed({ code: { coding: [{ system: 'https://h.example/?q=foo', code: 'X' }] } })).code).toEqual(MASKED)
  })

  test.each([
    'Asthma. Seen by Dr. Foo',
    'Asthma since 2019-03-04',
    'Asthma, call +44 118 496 0123',
    'Asthma\nand more',
    'a@b.example',
    'x'.repeat(256),
  ])('error: the display %j is no term', async (display) => {
    const coding = { system: 'http://snomed.info/sct', code: '195967001' }
    expect((await observed({ code: { coding: [{ ...coding, display }] } })).code).toEqual({ coding: [coding] })
  })

  test.each([
    ['72', true],
    ['> 1,000', true],
    ['>1000', true],
    ['1:80', true],
    ['Not detected', true],
    ['++', true],
    ['O positive', true],
    ['9434765919', false],
    ['positive, told her husband', false],
    ['see note', false],
    ['1041 Kuvalis Ferry Suite 69', false],
  ])('the string %j as a result: %s', async (valueString, leaves) => {
    expect((await observed({ valueString })).valueString).toBe(leaves ? valueString : undefined)
    expect((await observed({ component: [{ valueString }] })).component).toEqual(leaves ? [{ valueString }] : [{ _valueString: MASKED }])
  })

  test.each([
    [{ value: 6.1, unit: '10*3/uL', system: 'http://unitsofmeasure.org', code: '10*3/uL' }, {}],
    [{ value: 70, unit: 'beats/minute', system: 'http://unitsofmeasure.org', code: '/min' }, {}],
    [{ value: 3, unit: '{score}', system: 'http://unitsofmeasure.org', code: '{score}' }, {}],
    [{ value: 2, unit: 'tablets' }, {}],
    [{ value: 5, comparator: '<', unit: 'mg/dL' }, {}],
    [{ value: 5, unit: 'as Dr. Foo said' }, { unit: undefined }],
    [
      { value: 5, unit: '{as_Foo_said}/min', system: 'http://unitsofmeasure.org', code: '{as_Foo_said}/min' },
      { unit: undefined, code: '/min' },
    ],
    [
      { value: 5, system: 'http://unitsofmeasure.org', code: 'seen' },
      { system: undefined, code: undefined },
    ],
    [{ value: 5, comparator: 'seen by Foo' }, { comparator: undefined }],
  ])('of the quantity %j', async (valueQuantity, changed) => {
    expect((await observed({ valueQuantity })).valueQuantity).toEqual(JSON.parse(JSON.stringify({ ...valueQuantity, ...changed })))
  })

  test('of race and ethnicity, the text that repeats the code', async () => {
    const race = (text: string) => ({
      url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race',
      extension: [
        { url: 'ombCategory', valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code: '2106-3', display: 'White' } },
        { url: 'text', valueString: text },
      ],
    })
    const of = async (text: string) =>
      (await released([{ ...patient, extension: [race(text)] }], ['demographics'])).entry[0]?.resource.extension
    expect(await of('White')).toEqual([race('White')])
    expect(await of('White, was in prison')).toEqual([{ ...race(''), extension: race('').extension.slice(0, 1) }])
  })

  test('the link id of a question is told by its hash when it could be words', async () => {
    const answers = (linkId: string) => ({
      resourceType: 'QuestionnaireResponse',
      id: 'q',
      subject: ABOUT,
      item: [{ linkId, text: 'Why?' }],
    })
    const of = async (linkId: string) => (await released([answers(linkId)], ['social'])).entry[0]?.resource.item
    expect(await of('/44250-9')).toEqual([{ linkId: '/44250-9', _text: MASKED }])
    expect(await of('why-foo-drinks')).toEqual([{ linkId: expect.stringMatching(/^link-[\da-f]{16}$/), _text: MASKED }])
  })
})

describe('a patient who is called as a disease is, or has a number that is a measurement', () => {
  const parkinson = { ...patient, name: [{ family: 'Parkinson', given: ['May', 'Rose'] }] }
  const twelve = { ...patient, identifier: [{ value: '12' }], address: [{ line: ['72'], postalCode: '120' }], telecom: [{ value: '60' }] }

  test('a display is whole or absent, its code is always there', async () => {
    const code = { coding: [{ system: 'http://snomed.info/sct', code: '49049000', display: "Parkinson's disease" }] }
    const lewy = { coding: [{ system: 'http://snomed.info/sct', code: '80098002', display: 'Diffuse Lewy body disease' }] }
    for (const categories of [['laboratory'], ['laboratory', 'documents']] as const) {
      const resource = await observed({ code, method: lewy }, categories, parkinson)
      expect(resource.code).toEqual({ coding: [{ system: 'http://snomed.info/sct', code: '49049000' }] })
      expect(resource.method).toEqual(lewy)
    }
  })

  test('measurements are unchanged, and an ECG byte for byte', async () => {
    const valueSampledData = {
      origin: { value: 0 },
      period: 10,
      factor: 1.612,
      dimensions: 1,
      data: '12 72 120 E 98 60 U 12 L 12.5 -12',
    }
    for (const categories of [['laboratory'], ['laboratory', 'documents']] as const) {
      const resource = await observed({ valueSampledData, component: [{ valueQuantity: { value: 12, unit: 'mg' } }] }, categories, twelve)
      expect(resource.valueSampledData).toEqual(valueSampledData)
      expect(resource.component).toEqual([{ valueQuantity: { value: 12, unit: 'mg' } }])
      expect((await observed({ valueString: '120' }, categories, twelve)).valueString).toBe('120')
    }
  })

  test('error: samples that are words do not leave', async () => {
    expect((await observed({ valueSampledData: { period: 10, data: '12 seen by Foo' } })).valueSampledData).toEqual({ period: 10 })
  })
})

/** The same note as eleven systems send it: name, type, data, and whether it can be read. */
const NOTES = [
  ['utf8', 'text/plain; charset=utf-8', 'SsO2cmcgTcO8bGxlci1Mw7xkZW5zY2hlaWR0IGNhbWUgaW4gd2l0aCBjaGVzdCBwYWluLg==', true],
  ['twice', 'text/plain', 'U3NPMmNtY2dUY084Ykd4bGNpMU13N3hrWlc1elkyaGxhV1IwSUdOaGJXVWdhVzRnZDJsMGFDQmphR1Z6ZENCd1lXbHVMZz09', false],
  [
    'utf16',
    'text/plain; charset=utf-16le',
    'SgD2AHIAZwAgAE0A/ABsAGwAZQByAC0ATAD8AGQAZQBuAHMAYwBoAGUAaQBkAHQAIABjAGEAbQBlACAAaQBuACAAdwBpAHQAaAAgAGMAaABlAHMAdAAgAHAAYQBpAG4ALgA=',
    false,
  ],
  [
    'utf16-bom',
    'text/plain',
    '//5KAPYAcgBnACAATQD8AGwAbABlAHIALQBMAPwAZABlAG4AcwBjAGgAZQBpAGQAdAAgAGMAYQBtAGUAIABpAG4AIAB3AGkAdABoACAAYwBoAGUAcwB0ACAAcABhAGkAbgAuAA==',
    false,
  ],
  ['latin1', 'text/plain; charset=iso-8859-1', 'SvZyZyBN/GxsZXItTPxkZW5zY2hlaWR0IGNhbWUgaW4gd2l0aCBjaGVzdCBwYWluLg==', false],
  ['decomposed', 'text/plain; charset=utf-8', 'Sm/MiHJnIE11zIhsbGVyLUx1zIhkZW5zY2hlaWR0IGNhbWUgaW4gd2l0aCBjaGVzdCBwYWluLg==', true],
  [
    'html',
    'text/html',
    'PHA+SiZvdW1sO3JnIE0mdXVtbDtsbGVyLUwmIzI1MjtkZW5zY2hlaWR0IGNhbWUgaW4uIDxiPko8L2I+Jm91bWw7cmcgaXMgd2VsbC48L3A+',
    false,
  ],
  ['rtf', 'text/rtf', 'e1xydGYxIEpcJ2Y2cmcgTVwnZmNsbGVyLUxcJ2ZjZGVuc2NoZWlkdCBjYW1lIGluLn0=', false],
  [
    'cda',
    'text/xml',
    'PENsaW5pY2FsRG9jdW1lbnQgeG1sbnM9InVybjpobDctb3JnOnYzIj48cmVjb3JkVGFyZ2V0PjxwYXRpZW50Um9sZT48cGF0aWVudD48bmFtZT48Z2l2ZW4+SiYjeEY2O3JnPC9naXZlbj48ZmFtaWx5Pk0mI3hGQztsbGVyLUwmI3hGQztkZW5zY2hlaWR0PC9mYW1pbHk+PC9uYW1lPjxiaXJ0aFRpbWUgdmFsdWU9IjE5NTgwMzEyIi8+PC9wYXRpZW50PjwvcGF0aWVudFJvbGU+PC9yZWNvcmRUYXJnZXQ+PC9DbGluaWNhbERvY3VtZW50Pg==',
    false,
  ],
  ['really-pdf', 'text/plain', 'JVBERi0xLjQKMSAwIG9iaiA8PC9UaXRsZSAoSlwzNjZyZyBNXDM3NGxsZXItTFwzNzRkZW5zY2hlaWR0KT4+IGVuZG9iag==', false],
  ['url-safe', 'text/plain; charset=utf-8', 'SsO2cmcgTcO8bGxlci1Mw7xkZW5zY2hlaWR0IGNhbWUgaW4gd2l0aCBjaGVzdCBwYWluLg==', true],
] as const

describe('a note as other systems write it', () => {
  const jorg = { ...patient, name: [{ family: 'Müller-Lüdenscheidt', given: ['Jörg'] }], birthDate: '1958-03-12' }

  test.each(NOTES)('%s is cleaned, or withheld', async (_, contentType, data, isRead) => {
    const content = [{ attachment: { contentType, data, title: PLANTED, url: PLANTED, size: 49, hash: 'AAAA' } }]
    const report = { resourceType: 'DiagnosticReport', id: 'r', subject: ABOUT, presentedForm: content.map(({ attachment }) => attachment) }
    const note = { resourceType: 'DocumentReference', id: 'd', status: 'current', subject: ABOUT, content }
    const bundle = await released([jorg, note, report], ['documents'])
    const cleaned = Buffer.from('[removed] [removed] came in with chest pain.').toString('base64')
    const attachment = isRead ? { contentType: 'text/plain; charset=utf-8', data: cleaned } : MASKED
    expect(bundle.entry.map(({ resource }) => resource.content ?? resource.presentedForm)).toEqual([[{ attachment }], [attachment]])
    expect(allOf(bundle)).not.toMatch(/Jörg|Müller|Lüdenscheidt/)
  })
})
