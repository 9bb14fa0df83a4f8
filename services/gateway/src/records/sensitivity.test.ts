import {
  CATEGORY_KEYS,
  type CategoryKey,
  categoryOf,
  type ResourceLike,
  recordIdSchema,
  SENSITIVITY_KEYS,
  type SensitivityKey,
} from '@medsync/protocol'
import { describe, expect, test } from 'vitest'
import { disclose } from './disclose.ts'
import { bundleSensitivities, entrySensitivities, ownSensitivities, type ReadEntry } from './entrySensitivities.ts'
import type { StoredEntry } from './openedRecord.ts'

const KEY = new Uint8Array(32).fill(7)
const ABOUT = { reference: 'Patient/p' }
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const INLINE = 'http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label'
const HAS_INLINE = 'http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-has-inline-sec-label'
const RECORD = recordIdSchema.parse('11111111-1111-4111-8111-111111111111')

const label = (code: string): object => ({ system: /^[ULMNRV]$/.test(code) ? CONFIDENTIALITY : ACT_CODE, code })
const meta = (...codes: string[]): object => ({ meta: { security: codes.map(label) } })
const coded = (system: string, code: string, display?: string): object => ({
  coding: [{ system, code, ...(display === undefined ? {} : { display }) }],
})
const icd = (code: string, display?: string): object => coded('http://hl7.org/fhir/sid/icd-10-cm', code, display)
const loinc = (code: string): object => coded('http://loinc.org', code)
const rxnorm = (code: string): object => coded('http://www.nlm.nih.gov/research/umls/rxnorm', code)

const patient: ResourceLike = { resourceType: 'Patient', id: 'p', name: [{ family: 'Ferro' }] }
const condition = (id: string, code: object, more: object = {}): ResourceLike => ({
  resourceType: 'Condition',
  id,
  subject: ABOUT,
  code,
  ...more,
})
const observation = (id: string, category: string, code: object, more: object = {}): ResourceLike => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  subject: ABOUT,
  category: [coded('http://terminology.hl7.org/CodeSystem/observation-category', category)],
  code,
  ...more,
})
const request = (id: string, code: object, more: object = {}): ResourceLike => ({
  resourceType: 'MedicationRequest',
  id,
  subject: ABOUT,
  medicationCodeableConcept: code,
  ...more,
})

/** The ids of what leaves of a record under a consent to every category, in the order of the record. */
async function leaving(
  resources: readonly ResourceLike[],
  sensitivities: readonly SensitivityKey[],
  ofBundle?: unknown,
): Promise<string[]> {
  const entries: ReadEntry[] = [patient, ...resources].map((resource) => ({
    fullUrl: `https://fhir.mercy.example/r4/${resource.resourceType}/${resource.id}`,
    resource: { ...resource, language: String(resource.id) },
    category: categoryOf(resource),
  }))
  const found = entrySensitivities(entries, bundleSensitivities(ofBundle))
  const left: string[] = []
  for (const [index, { fullUrl, resource, category }] of entries.entries()) {
    if (category === undefined || resource.resourceType === 'Patient') continue
    const entry: StoredEntry = { fullUrl, resource, sensitivities: found[index] ?? [] }
    const opened = {
      record: RECORD,
      parts: new Map<CategoryKey, StoredEntry[]>([[category, [entry]]]),
      patientUrls: ['Patient/p', 'https://fhir.mercy.example/r4/Patient/p'],
      identifyingWords: [],
    }
    const permit = { decision: 'permit', categories: CATEGORY_KEYS, dataFromS: 0, dataToS: 0, sensitivities } as const
    const { entry: disclosed } = await disclose(opened, permit, KEY)
    if (disclosed.length > 0) left.push(String(resource.id))
  }
  return left
}

const labelled = [
  observation('normal', 'laboratory', loinc('2339-0'), meta('N')),
  observation('unlabelled', 'vital-signs', loinc('8867-4')),
  observation('alcohol', 'social-history', loinc('74013-4'), meta('ETHUD', 'R')),
  observation('mood', 'social-history', loinc('44261-6'), meta('PSY', 'R')),
  observation('sexual', 'social-history', loinc('8689-2'), meta('SEX', 'R')),
  observation('only-restricted', 'vital-signs', loinc('8302-2'), meta('R')),
  observation('very', 'vital-signs', loinc('8302-2'), meta('V')),
]

describe('labels as a labelling service sets them', () => {
  test.each<[string, SensitivityKey[], string[]]>([
    ['normal data only', [], ['normal', 'unlabelled']],
    ['normal and restricted', ['restricted'], ['normal', 'unlabelled', 'only-restricted']],
    ['mental health', ['mental-health'], ['normal', 'unlabelled', 'mood']],
    ['mental or sexual health', ['mental-health', 'sexual-health'], ['normal', 'unlabelled', 'mood', 'sexual']],
    ['alcohol and drugs', ['substance-use'], ['normal', 'unlabelled', 'alcohol']],
    ['everything that can be named', [...SENSITIVITY_KEYS], ['normal', 'unlabelled', 'alcohol', 'mood', 'sexual', 'only-restricted']],
  ])('a consent to %s lets out what it names: %o', async (_, sensitivities, released) => {
    expect(await leaving(labelled, sensitivities)).toEqual(released)
  })

  test('error: what is very restricted, taboo, under a refrain policy or labelled in an unknown way leaves under no consent', async () => {
    const labels = [
      ...['V', 'TBOO', 'NORDSCLCD', 'ORCON', 'MASK', 'NEWCODE'].map(label),
      { system: 'http://hospital.example/labels', code: 'N' },
      { display: 'secret' },
    ]
    const resources = labels.map((security, index) => condition(`c${index}`, icd('I10'), { meta: { security: [security] } }))
    expect(await leaving(resources, SENSITIVITY_KEYS)).toEqual([])
  })

  test('the labels of the Bundle hold for everything in it', async () => {
    const resources = [condition('plain', icd('I10')), condition('sad', icd('F32.9'))]
    expect(await leaving(resources, [], { security: [label('N')] })).toEqual(['plain'])
    expect(await leaving(resources, [], { security: [label('R')] })).toEqual([])
    expect(await leaving(resources, ['mental-health'], { security: [label('PSY'), label('R')] })).toEqual(['plain', 'sad'])
    expect(await leaving(resources, ['restricted'], { security: [label('R')] })).toEqual(['plain'])
    expect(await leaving(resources, SENSITIVITY_KEYS, { security: [label('V')] })).toEqual([])
    expect(await leaving(resources, SENSITIVITY_KEYS, { security: [{ code: 'what' }] })).toEqual([])
  })

  test('labels stand inline, in a document reference, in a composition, and in what is contained', () => {
    const inline = (code: string): object => ({ extension: [{ url: INLINE, valueCoding: label(code) }] })
    expect(ownSensitivities({ resourceType: 'Patient', birthDate: '1980', _birthDate: inline('R') })).toEqual(['restricted'])
    expect(ownSensitivities(condition('c', { ...icd('I10'), ...inline('HIV') }, meta('PROCESSINLINELABEL', 'R')))).toEqual(['hiv'])
    expect(ownSensitivities(condition('c', { ...icd('I10'), ...inline('V') }))).toEqual(['withheld'])
    expect(ownSensitivities(condition('c', { ...icd('I10'), ...inline('NEWCODE') }))).toEqual(['withheld'])
    expect(ownSensitivities({ resourceType: 'DocumentReference', securityLabel: [{ coding: [label('PSY'), label('R')] }] })).toEqual([
      'mental-health',
    ])
    expect(ownSensitivities({ resourceType: 'DocumentReference', securityLabel: [{ text: 'secret' }] })).toEqual(['withheld'])
    expect(ownSensitivities({ resourceType: 'Composition', confidentiality: 'R' })).toEqual(['restricted'])
    expect(ownSensitivities({ resourceType: 'Composition', confidentiality: 'N' })).toEqual([])
    expect(ownSensitivities({ resourceType: 'Claim', contained: [{ resourceType: 'Condition', id: 'x', ...meta('SDV') }] })).toEqual([
      'violence',
    ])
    expect(ownSensitivities({ resourceType: 'Condition', meta: { tag: [label('PSY')] } })).toEqual(['mental-health'])
  })

  test('error: labels that are announced and not found keep back', () => {
    expect(ownSensitivities(condition('c', icd('I10'), meta('PROCESSINLINELABEL')))).toEqual(['withheld'])
    const announced = { meta: { extension: [{ url: HAS_INLINE, valueBoolean: true }] } }
    expect(ownSensitivities(condition('c', icd('I10'), announced))).toEqual(['withheld'])
  })

  test('error: labels of another shape are unknown labels', () => {
    for (const security of ['HIV', 5, ['HIV'], [[label('N')]], [null], { code: 'WHAT' }]) {
      expect(ownSensitivities({ resourceType: 'Condition', meta: { security } })).toEqual(['withheld'])
    }
  })
})

describe('sensitive by code alone', () => {
  const unlabelled = [
    condition('schizophrenia', icd('F20.9', 'Schizophrenia, unspecified')),
    condition('opioids', icd('F11.20')),
    condition('hiv', icd('B20')),
    condition('abuse', icd('T74.11XA')),
    condition('plain', icd('I10', 'Essential (primary) hypertension')),
    request('buprenorphine', rxnorm('1819')),
    request('antiretroviral', rxnorm('1999667')),
    observation('viral-load', 'laboratory', loinc('20447-9')),
    observation('plain-lab', 'laboratory', loinc('2345-7')),
  ]

  test('only what is ordinary leaves without a word about it in the consent', async () => {
    expect(await leaving(unlabelled, [])).toEqual(['plain', 'plain-lab'])
  })

  test('each kind leaves under its own name', async () => {
    expect(await leaving(unlabelled, ['mental-health'])).toEqual(['schizophrenia', 'plain', 'plain-lab'])
    expect(await leaving(unlabelled, ['hiv'])).toEqual(['hiv', 'plain', 'antiretroviral', 'viral-load', 'plain-lab'])
    expect(await leaving(unlabelled, ['substance-use'])).toEqual(['opioids', 'plain', 'buprenorphine', 'plain-lab'])
    expect(await leaving(unlabelled, ['violence'])).toEqual(['abuse', 'plain', 'plain-lab'])
  })

  test.each<[string, ResourceLike, string[]]>([
    ['a component', observation('o', 'survey', loinc('55757-1'), { component: [{ code: loinc('44250-9') }] }), ['mental-health']],
    ['a value', observation('o', 'survey', loinc('11323-3'), { valueCodeableConcept: icd('F32.9') }), ['mental-health']],
    ['an extension', condition('c', icd('I10'), { extension: [{ url: 'http://x.example', valueCodeableConcept: icd('B20') }] }), ['hiv']],
    ['a reason', { resourceType: 'Procedure', id: 'p', reasonCode: [icd('O80')] }, ['sexual-health']],
    [
      'the kind of visit',
      { resourceType: 'Encounter', id: 'e', type: [coded('http://www.ama-assn.org/go/cpt', '90834')] },
      ['mental-health'],
    ],
    [
      'the ward',
      { resourceType: 'Encounter', id: 'e', location: [{ location: { reference: 'Location/1', display: 'Psychiatric ward 3' } }] },
      ['mental-health'],
    ],
    [
      'the provider',
      { resourceType: 'Encounter', id: 'e', serviceProvider: { reference: 'Organization/1', display: 'Methadone clinic' } },
      ['substance-use'],
    ],
    [
      'a bill',
      { resourceType: 'Claim', id: 'c', item: [{ productOrService: coded('http://www.ama-assn.org/go/cpt', '59400') }] },
      ['sexual-health'],
    ],
    [
      'a diagnosis on a bill',
      { resourceType: 'ExplanationOfBenefit', id: 'x', diagnosis: [{ diagnosisCodeableConcept: icd('T74.21XA') }] },
      ['violence'],
    ],
    [
      'a question of a form',
      { resourceType: 'QuestionnaireResponse', id: 'q', item: [{ linkId: '/44250-9', answer: [{ valueInteger: 2 }] }] },
      ['mental-health'],
    ],
    [
      'the form',
      { resourceType: 'QuestionnaireResponse', id: 'q', questionnaire: 'http://hospital.example/Questionnaire/PHQ-9' },
      ['mental-health'],
    ],
    ['the kind of document', { resourceType: 'DocumentReference', id: 'd', type: { text: 'Psychotherapy note' } }, ['mental-health']],
    ['a local code by its display', observation('o', 'laboratory', coded('urn:oid:1.2.3', 'L77', 'HIV 1/2 antibody')), ['hiv']],
    ['a text without any code', request('m', { text: 'Sertraline 50 mg' }), ['mental-health']],
    ['a text value', observation('o', 'laboratory', loinc('5778-6'), { valueString: 'pregnancy test positive' }), ['sexual-health']],
    [
      'an ingredient that is contained',
      request('m', {}, { contained: [{ resourceType: 'Medication', id: 'x', ingredient: [{ itemCodeableConcept: rxnorm('1819') }] }] }),
      ['substance-use'],
    ],
    [
      'the text of an attachment',
      {
        resourceType: 'DocumentReference',
        id: 'd',
        content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('Known HIV.').toString('base64') } }],
      },
      ['hiv'],
    ],
  ])('in %s', (_, resource, kinds) => {
    expect(ownSensitivities(resource)).toEqual(kinds)
  })

  test('error: a text attachment too long to be searched leaves under no consent', () => {
    const attachment = { contentType: 'text/plain', data: Buffer.alloc(1_200_000, 'x').toString('base64') }
    expect(ownSensitivities({ resourceType: 'DocumentReference', id: 'd', content: [{ attachment }] })).toEqual(['withheld'])
    expect(
      ownSensitivities({
        resourceType: 'DocumentReference',
        id: 'd',
        content: [{ attachment: { ...attachment, contentType: 'image/png' } }],
      }),
    ).toEqual([])
  })

  test('names and addresses of people are not read as diagnoses', () => {
    expect(ownSensitivities({ ...patient, name: [{ family: 'Rape', text: 'Gay Rape' }], address: [{ text: 'Abortion Lane' }] })).toEqual([])
    expect(ownSensitivities(condition('c', icd('I10'), { subject: { reference: 'Patient/p', display: 'Violence Brown' } }))).toEqual([])
  })
})

describe('what belongs together', () => {
  const of = (...resources: ResourceLike[]): string[][] =>
    entrySensitivities(resources.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource, category: categoryOf(resource) })))
  const plain = (id: string): ResourceLike => observation(id, 'laboratory', coded('urn:oid:1.2.3', id))

  test('a result belongs to its report and a measurement to its panel', () => {
    const report = {
      resourceType: 'DiagnosticReport',
      id: 'r',
      code: { text: 'HIV confirmation' },
      result: [{ reference: 'Observation/a' }],
    }
    expect(of(report, plain('a'), plain('b'))).toEqual([['hiv'], ['hiv'], []])
    const panel = observation('panel', 'survey', loinc('44249-1'), { hasMember: [{ reference: 'Observation/a' }] })
    expect(of(panel, plain('a'))).toEqual([['mental-health'], ['mental-health']])
  })

  test('a report that only holds something sensitive does not make its other results sensitive', () => {
    const report = { resourceType: 'DiagnosticReport', id: 'r', result: [{ reference: 'Observation/a' }, { reference: 'Observation/hiv' }] }
    expect(of(report, plain('a'), observation('hiv', 'laboratory', loinc('20447-9')))).toEqual([['hiv'], [], ['hiv']])
  })

  test('a medication that stands by itself tells what it was prescribed for', () => {
    const medication = { resourceType: 'Medication', id: 'm', code: rxnorm('6809') }
    const prescription = {
      resourceType: 'MedicationRequest',
      id: 'r',
      medicationReference: { reference: 'Medication/m' },
      reasonReference: [{ reference: 'Condition/c' }],
    }
    expect(of(medication, prescription, condition('c', icd('E28.2')))).toEqual([['sexual-health'], ['sexual-health'], ['sexual-health']])
    expect(of({ ...medication, code: rxnorm('1819') }, { ...prescription, reasonReference: undefined })).toEqual([
      ['substance-use'],
      ['substance-use'],
    ])
  })

  test('the labels of a document and of a list hold for what they list', () => {
    const document = { resourceType: 'Composition', id: 'd', confidentiality: 'R', section: [{ entry: [{ reference: 'Observation/a' }] }] }
    expect(of(document, plain('a'))[1]).toEqual(['restricted'])
    const list = { resourceType: 'List', id: 'l', ...meta('VIO'), entry: [{ item: { reference: 'Observation/a' } }] }
    expect(of(list, plain('a'))[1]).toEqual(['violence'])
  })

  test('what a visit was for is told by its diagnosis, and by the specialty of whom it was with', () => {
    const visit = { resourceType: 'Encounter', id: 'e', diagnosis: [{ condition: { reference: 'Condition/c' } }] }
    expect(of(visit, condition('c', icd('F33.1')))[0]).toEqual(['mental-health'])
    const role = { resourceType: 'PractitionerRole', id: 'pr', specialty: [coded('http://snomed.info/sct', '394587001')] }
    expect(of({ ...visit, diagnosis: [], participant: [{ individual: { reference: 'PractitionerRole/pr' } }] }, role)[0]).toEqual([
      'mental-health',
    ])
  })
})

describe('codes that stand where no coding is', () => {
  test.each<[string, ResourceLike]>([
    ['a text', condition('c', { text: 'Dx: F20.9, stable' })],
    ['a display', condition('c', { coding: [{ display: 'F20.9' }] })],
    ['the wrong system', condition('c', coded('http://loinc.org', '58214004'))],
    ['a local code', condition('c', coded('http://hospital.example/codes', 'HIV-POS'))],
    ['a label that is only an extension', condition('c', icd('I10'), { meta: { _security: [{ extension: [{ url: 'x' }] }] } })],
  ])('error: %s does not leave without its kind', async (_, resource) => {
    expect(await leaving([resource], [])).toEqual([])
  })

  test('what tells nothing still leaves', async () => {
    expect(
      await leaving([condition('a', { text: 'Asthma, J45.909' }), condition('b', coded('http://hospital.example/codes', 'DM2'))], []),
    ).toEqual(['a', 'b'])
  })
})
