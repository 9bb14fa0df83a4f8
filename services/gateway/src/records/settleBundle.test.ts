import { gunzipSync } from 'node:zlib'
import type { ResourceLike, WithheldReason } from '@medsync/protocol'
import { describe, expect, test } from 'vitest'
import type { BundleContents } from './bundleContents.ts'
import { BundleReading } from './readBundle.ts'

const MERCY = 'https://fhir.mercy.example/r4/'
const LAKESIDE = 'https://fhir.lakeside.example/r4/'
const UUID = '7d3c1a52-0f4e-4b53-9a0e-2f6b8f1f9c11'
const NUMBER = { system: 'urn:oid:2.16', value: 'MRN-1' }

type Fields = Readonly<Record<string, unknown>>
const patient = (more: Fields = {}): Fields => ({ resourceType: 'Patient', id: '1', identifier: [NUMBER], ...more })
const at = (base: string, resource: Fields, more: Fields = {}): Fields => ({
  fullUrl: `${base}${resource['resourceType']}/${resource['id']}`,
  resource,
  ...more,
})
const pulse = (id: string, more: Fields = {}): Fields => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  category: [{ coding: [{ code: 'vital-signs' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: 'Patient/1' },
  ...more,
})

async function read(entry: readonly Fields[], envelope: Fields = {}): Promise<BundleContents> {
  const reading = new BundleReading({ maxResources: 100 }, (resource) => resource as ResourceLike)
  reading.write(Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'collection', ...envelope, entry })))
  return reading.end()
}

/** Ids of what is stored, without the Patient; and what is withheld. */
async function outcome(entry: readonly Fields[], envelope: Fields = {}): Promise<[string[], Partial<Record<WithheldReason, number>>]> {
  const contents = await read(entry, envelope)
  const stored = storedIn(contents).filter(({ resourceType }) => resourceType !== 'Patient')
  return [stored.map(({ id }) => String(id)).sort(), Object.fromEntries(contents.withheld.map(({ reason, count }) => [reason, count]))]
}

function storedIn({ parts }: BundleContents): ResourceLike[] {
  return parts.flatMap(({ packed }) =>
    gunzipSync(packed)
      .toString()
      .split('\n')
      .map((line) => JSON.parse(line).resource as ResourceLike),
  )
}

const failure = (code: string, details?: string) => expect.objectContaining(details === undefined ? { code } : { code, details })

describe('resources of somebody else are not stored, and the uploader is told how many', () => {
  const own = at(MERCY, patient())

  test('the same id on another server is another patient, by an absolute and by a relative reference', async () => {
    const entries = [
      own,
      at(MERCY, pulse('own')),
      at(MERCY, pulse('own-absolute', { subject: { reference: `${MERCY}Patient/1` } })),
      at(MERCY, pulse('own-version', { subject: { reference: `${MERCY}Patient/1/_history/3` } })),
      at(MERCY, pulse('foreign', { subject: { reference: `${LAKESIDE}Patient/1` } })),
      at(LAKESIDE, pulse('foreign-relative')),
    ]
    expect(await outcome(entries)).toEqual([['own', 'own-absolute', 'own-version'], { 'another-patient': 2 }])
  })

  test.each([
    ['subject', 'Observation', 'Group/1'],
    ['subject', 'Condition', 'Patient/2'],
    ['patient', 'AllergyIntolerance', 'Patient/2'],
    ['beneficiary', 'Coverage', `${LAKESIDE}Patient/1`],
    ['individual', 'ResearchSubject', 'Patient/2'],
    ['for', 'Task', 'Patient/2'],
    ['subject', 'Observation', '#contained'],
    ['subject', 'Observation', 'Patient?name=Ashdown'],
  ])('by %s of %s: %s', async (field, resourceType, reference) => {
    const { subject: _none, ...fields } = pulse('x')
    const other = at(MERCY, { ...fields, resourceType, [field]: { reference } })
    expect(await outcome([own, other])).toEqual([[], { 'another-patient': 1 }])
  })

  test('a report on results of somebody else, a panel, and what belongs to another’s visit', async () => {
    const foreign = at(MERCY, pulse('foreign', { subject: { reference: 'Patient/2' } }))
    const visit = at(MERCY, { resourceType: 'Encounter', id: 'v', status: 'finished', subject: { reference: 'Patient/2' } })
    const entries = [
      own,
      foreign,
      visit,
      at(MERCY, {
        resourceType: 'DiagnosticReport',
        id: 'report',
        subject: { reference: 'Patient/1' },
        result: [{ reference: 'Observation/foreign' }],
      }),
      at(MERCY, pulse('panel', { hasMember: [{ reference: 'Observation/foreign' }] })),
      at(MERCY, pulse('derived', { derivedFrom: [{ reference: 'Observation/panel' }] })),
      at(MERCY, pulse('visited', { subject: undefined, encounter: { reference: 'Encounter/v' } })),
      at(MERCY, {
        resourceType: 'DocumentReference',
        id: 'd',
        subject: { reference: 'Patient/1' },
        context: { encounter: [{ reference: 'Encounter/v' }] },
      }),
      at(MERCY, pulse('own')),
    ]
    expect(await outcome(entries)).toEqual([['own'], { 'another-patient': 7 }])
  })

  test('whoever is not named by reference or identifier is not known', async () => {
    const entries = [
      own,
      at(MERCY, pulse('named', { subject: { display: 'Rowan Ashdown' } })),
      at(MERCY, pulse('masked', { subject: { extension: [{ url: 'u', valueCode: 'masked' }] } })),
      at(LAKESIDE, pulse('elsewhere', { subject: undefined })),
      at(MERCY, pulse('here', { subject: undefined })),
    ]
    expect(await outcome(entries)).toEqual([['here'], { 'unknown-subject': 3 }])
  })

  test('what names nobody is of nobody known where the Bundle has two Patients, also through its visit', async () => {
    const mother = at(MERCY, patient({ id: '2', identifier: [] }), { search: { mode: 'include' } })
    const visit = at(MERCY, { resourceType: 'Encounter', id: 'v', status: 'finished', subject: { reference: 'Patient/1' } })
    const entries = [
      own,
      mother,
      visit,
      at(MERCY, pulse('unsaid', { subject: undefined })),
      at(MERCY, pulse('visited', { subject: undefined, encounter: { reference: 'Encounter/v' } })),
      at(MERCY, { resourceType: 'Practitioner', id: 'p' }),
    ]
    expect(await outcome(entries, { type: 'searchset' })).toEqual([['p', 'v', 'visited'], { 'another-patient': 1, 'unknown-subject': 1 }])
  })

  test('a reference by identifier, by search and by a UUID in capitals is the Bundle’s own Patient, and is written as its address', async () => {
    const urn = `urn:uuid:${UUID}`
    const entries = [
      { fullUrl: urn, resource: patient({ id: undefined }) },
      { resource: pulse('search', { subject: { reference: 'Patient?identifier=urn:oid:2.16|MRN-1' } }) },
      { resource: pulse('identifier', { subject: { identifier: NUMBER } }) },
      { resource: pulse('capitals', { subject: { reference: urn.toUpperCase().replace('URN:UUID', 'urn:uuid') } }) },
      { resource: pulse('stranger', { subject: { reference: 'Patient?identifier=urn:oid:2.16|MRN-2' } }) },
    ]
    const contents = await read(entries, { type: 'transaction' })
    const subjects = storedIn(contents)
      .filter(({ resourceType }) => resourceType === 'Observation')
      .map(({ subject }) => subject)
    expect(subjects).toEqual([{ reference: urn }, { identifier: NUMBER, reference: urn }, { reference: urn }])
    expect(contents.withheld).toEqual([{ reason: 'another-patient', count: 1 }])
  })

  test('what a modifier extension, an implicit rule or a focus changes is stored and counted', async () => {
    const entries = [
      own,
      at(MERCY, pulse('a', { focus: [{ reference: 'Patient/1' }] })),
      at(MERCY, pulse('b', { implicitRules: 'http://x' })),
      at(MERCY, pulse('c', { component: [{ modifierExtension: [{ url: 'u', valueBoolean: true }] }] })),
    ]
    expect(await outcome(entries)).toEqual([['a', 'b', 'c'], { 'changed-meaning': 3 }])
  })
})

describe('of several versions of a resource the latest counts', () => {
  const version = (id: string, meta: Fields, more: Fields = {}): Fields => at(MERCY, pulse(id, { meta, ...more }))
  const own = at(MERCY, patient())
  const noteOf = async (entries: readonly Fields[]): Promise<unknown> =>
    storedIn(await read([own, ...entries])).find(({ resourceType }) => resourceType === 'Observation')?.['note']

  test('by number, whatever their order, also ten after nine; by time where there are no numbers', async () => {
    const [nine, ten] = [version('a', { versionId: '9' }, { note: 'nine' }), version('a', { versionId: '10' }, { note: 'ten' })]
    expect(await noteOf([nine, ten])).toBe('ten')
    expect(await noteOf([ten, nine])).toBe('ten')
    const early = version('a', { versionId: 'x', lastUpdated: '2026-03-01T08:00:00+02:00' }, { note: 'early' })
    const late = version('a', { versionId: 'b', lastUpdated: '2026-03-01T07:00:00Z' }, { note: 'late' })
    expect(await noteOf([late, early])).toBe('late')
  })

  test('a full URL with a version, a URN and the id alone name the same resource', async () => {
    const versioned = { fullUrl: `${MERCY}Observation/a/_history/2`, resource: pulse('a', { meta: { versionId: '2' }, note: 'second' }) }
    expect(await noteOf([version('a', { versionId: '1' }), versioned])).toBe('second')
    expect(
      await noteOf([
        { fullUrl: `${MERCY}Observation/a`, resource: pulse('a', { meta: { versionId: '1' } }) },
        { resource: pulse('a', { meta: { versionId: '2' }, note: 'second' }) },
      ]),
    ).toBe('second')
    const [one, two] = ['1', '2'].map((number) => ({ resource: pulse('a', { meta: { versionId: number }, note: number }) }))
    expect(storedIn(await read([{ resource: patient() }, two ?? {}, one ?? {}])).map(({ note }) => note)).toEqual([undefined, '2'])
  })

  test.each(['Observation/a/', 'Observation/%61', 'Observation/a/_history/2', 'Observation/a/_history/2/'])(
    'a later version whose full URL is written in another way withdraws the earlier one: %s',
    async (path) => {
      const later = { fullUrl: `${MERCY}${path}`, resource: pulse('a', { meta: { versionId: '2' }, status: 'entered-in-error' }) }
      expect(await outcome([own, version('a', { versionId: '1' }), later])).toEqual([[], { superseded: 1, withdrawn: 1 }])
    },
  )

  test('what was entered in error is gone, with all its earlier versions', async () => {
    const entries = [
      version('a', { versionId: '1' }),
      version('a', { versionId: '2' }, { status: 'entered-in-error' }),
      at(MERCY, {
        resourceType: 'Condition',
        id: 'c',
        subject: { reference: 'Patient/1' },
        verificationStatus: { coding: [{ code: 'entered-in-error' }] },
      }),
      version('b', { versionId: '1' }, { status: 'entered-in-error' }),
      version('b', { versionId: '2' }),
    ]
    expect(await outcome([own, ...entries])).toEqual([['b'], { superseded: 2, withdrawn: 2 }])
  })

  test.each([
    ['in another spelling', { status: 'Entered-In-Error' }],
    ['beside a coding that cannot be read', { verificationStatus: { coding: [null, { code: 7 }, { code: 'entered-in-error' }] } }],
    ['in words alone', { verificationStatus: { text: 'Entered in error' } }],
    ['as the display of a local code', { verificationStatus: { coding: [{ code: '9', display: 'entered in error' }] } }],
  ])('what was entered in error is gone when it says so %s', async (_name, more) => {
    expect(await outcome([own, version('a', {}, more)])).toEqual([[], { withdrawn: 1 }])
  })

  test('the same twice is stored once', async () => {
    expect(await outcome([own, version('a', {}), version('a', {})])).toEqual([['a'], { superseded: 1 }])
    expect(await outcome([own, own])).toEqual([[], { superseded: 1 }])
  })

  test.each([
    ['neither has a number or a time', {}, {}],
    ['both have the same number', { versionId: '2' }, { versionId: '2' }],
    ['only one has a number', { versionId: '2' }, {}],
    [
      'number and time contradict each other',
      { versionId: '1', lastUpdated: '2026-03-02T00:00:00Z' },
      { versionId: '2', lastUpdated: '2026-03-01T00:00:00Z' },
    ],
  ])('error: they differ and %s', async (_name, one, other) => {
    await expect(read([own, version('a', one, { note: '1' }), version('a', other, { note: '2' })])).rejects.toEqual(
      failure('record/versions-unordered', 'entries 1 and 2'),
    )
  })
})

describe('what entries say besides their resource', () => {
  const own = at(MERCY, patient())

  test('a deletion is honoured wherever it stands, by address, by search, and in the entry itself', async () => {
    const entries = [
      { request: { method: 'DELETE', url: 'Observation/a' } },
      own,
      at(MERCY, pulse('a')),
      at(MERCY, pulse('b', { identifier: [{ system: 's', value: 'v' }] })),
      at(MERCY, pulse('c'), { request: { method: 'DELETE', url: 'Observation/c' } }),
      at(MERCY, pulse('d'), { request: { method: 'PUT', url: 'Observation/d' } }),
      { request: { method: 'DELETE', url: 'Observation?identifier=s|v' } },
      { request: { method: 'DELETE', url: 'Observation/gone-1' } },
      { request: { method: 'GET', url: 'Observation/e' } },
    ]
    expect(await outcome(entries, { type: 'transaction' })).toEqual([['d'], { deleted: 6 }])
  })

  test('a withdrawal over http is of what came over https', async () => {
    const [first, second] = [pulse('a', { meta: { versionId: '1' } }), pulse('a', { meta: { versionId: '2' }, status: 'entered-in-error' })]
    const entries = [own, at(MERCY, first), at(MERCY.replace('https', 'http'), second)]
    expect(await outcome(entries)).toEqual([[], { superseded: 1, withdrawn: 1 }])
  })

  test('a deletion by identifier is of every version and every resource that has it', async () => {
    const identifier = [{ system: 's', value: 'v' }]
    const entries = [
      at(MERCY, pulse('a', { identifier, meta: { versionId: '1' } })),
      at(MERCY, pulse('a', { identifier, meta: { versionId: '2' } })),
      at(MERCY, pulse('b', { identifier })),
      { request: { method: 'DELETE', url: 'Observation?identifier=s%7Cv' } },
    ]
    expect(await outcome([own, ...entries], { type: 'transaction' })).toEqual([[], { deleted: 4 }])
  })

  test.each(['/Observation/a', 'Observation/a/', 'Observation/%61', `${MERCY}Observation/a/`, 'Observation/a/_history/2'])(
    'a deletion is honoured in another spelling: %s',
    async (url) => {
      expect(await outcome([own, at(MERCY, pulse('a')), { request: { method: 'DELETE', url } }], { type: 'transaction' })).toEqual([
        [],
        { deleted: 2 },
      ])
    },
  )

  test.each([
    'Observation?code=8867-4',
    'Observation?identifier=s|v&status=final',
    'Observation?_id=a',
    'Observation',
    'Observation/%ZZ',
    undefined,
  ])('error: a deletion of what cannot be told from the Bundle: %s', async (url) => {
    const entries = [own, at(MERCY, pulse('a')), { request: { method: 'DELETE', url } }]
    await expect(read(entries, { type: 'transaction' })).rejects.toEqual(failure('record/unsupported-request', 'entry 2'))
  })

  test('error: the Bundle deletes its own Patient', async () => {
    await expect(read([own, { request: { method: 'DELETE', url: 'Patient/1' } }], { type: 'transaction' })).rejects.toEqual(
      failure('record/no-patient'),
    )
  })

  test.each(['PATCH', 'patch', 'MERGE'])('error: the method %s', async (method) => {
    const entry = at(MERCY, pulse('a'), { request: { method, url: 'Observation/a' } })
    await expect(read([own, entry], { type: 'transaction' })).rejects.toEqual(failure('record/unsupported-request', 'entry 1'))
  })

  test('messages of a server are not stored: outcomes, and answers that failed', async () => {
    const entries = [
      own,
      at(MERCY, { resourceType: 'OperationOutcome', id: 'o' }, { search: { mode: 'outcome' } }),
      at(MERCY, { resourceType: 'OperationOutcome', id: 'p' }),
      at(MERCY, pulse('failed'), { response: { status: '404 Not Found' } }),
      at(MERCY, pulse('fine'), { response: { status: '200' } }),
    ]
    expect(await outcome(entries)).toEqual([['fine'], { 'server-message': 3 }])
  })

  test('what a search brought along is stored when it is the patient’s own or something stored points to it', async () => {
    const include = { search: { mode: 'include' } }
    const entries = [
      own,
      at(MERCY, pulse('a', { performer: [{ reference: 'Practitioner/needed' }] }), { search: { mode: 'match' } }),
      at(MERCY, { resourceType: 'Practitioner', id: 'needed' }, include),
      at(MERCY, { resourceType: 'Practitioner', id: 'other' }, include),
      at(MERCY, pulse('mine'), include),
      at(MERCY, pulse('hers', { subject: { reference: 'Patient/2' } }), include),
      at(MERCY, patient({ id: '2', identifier: [] }), include),
    ]
    expect(await outcome(entries, { type: 'searchset', total: 2 })).toEqual([
      ['a', 'mine', 'needed'],
      { 'another-patient': 2, 'not-needed': 1 },
    ])
  })

  test('a Patient that came along is the patient when there is no other', async () => {
    const entries = [at(MERCY, pulse('a'), { search: { mode: 'match' } }), at(MERCY, patient(), { search: { mode: 'include' } })]
    expect(await outcome(entries, { type: 'searchset', total: 1 })).toEqual([['a'], {}])
  })

  test.each([
    [
      'a next link',
      {
        type: 'searchset',
        link: [
          { relation: 'self', url: 'x' },
          { relation: 'next', url: 'y' },
        ],
      },
    ],
    ['a previous link', { type: 'searchset', link: [{ relation: 'previous', url: 'y' }] }],
    ['a next link in a collection', { link: [{ relation: 'next', url: 'y' }] }],
    ['a next link in other spelling', { type: 'searchset', link: [{ relation: ' NEXT ', url: 'y' }] }],
    [
      'a next link by its registered name',
      { type: 'searchset', link: [{ relation: 'http://www.iana.org/assignments/relation/next', url: 'y' }] },
    ],
    ['fewer entries than the total of a collection', { total: 5 }],
    ['a Bundle that is marked as shortened', { meta: { tag: [{ code: 'SUBSETTED' }] } }],
    ['fewer matches than its total', { type: 'searchset', total: 5 }],
    ['fewer matches than its total, which it says after its entries', { type: 'searchset', total: 3 }],
  ])('error: one page of a search: %s', async (_name, envelope) => {
    const entries = [own, at(MERCY, pulse('a')), at(MERCY, { resourceType: 'Practitioner', id: 'x' }, { search: { mode: 'include' } })]
    await expect(read(entries, envelope)).rejects.toEqual(failure('record/one-page'))
  })

  test('error: a total that is no number, and a resource of which only a part was exported', async () => {
    await expect(read([own], { type: 'searchset', total: '1' })).rejects.toEqual(failure('record/not-a-bundle'))
    const subset = at(
      MERCY,
      pulse('a', { meta: { tag: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }] } }),
    )
    await expect(read([own, subset])).rejects.toEqual(failure('record/one-page'))
  })

  test('error: one page of a search that has the same resource twice', async () => {
    const entries = [own, at(MERCY, pulse('a')), at(MERCY, pulse('a'))]
    await expect(read(entries, { type: 'searchset', total: 3 })).rejects.toEqual(failure('record/one-page', '2 of 3'))
  })

  test('a whole search and links that name no other page are taken', async () => {
    expect(
      await outcome([own, at(MERCY, pulse('a'))], {
        type: 'searchset',
        total: 2,
        link: [
          { relation: 'self', url: 'x' },
          { relation: 'first', url: 'x' },
        ],
      }),
    ).toEqual([['a'], {}])
  })
})

describe('extensions in the place of values', () => {
  const ABSENT = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }] }

  test('the patient is listed by the name that is there, of unknown age, and every name that is there is taken out of texts', async () => {
    const hidden = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/humanname-mothers-family', valueString: 'Quillfeather' }] }
    const name = [
      { use: 'official', _family: { extension: [...hidden.extension] }, given: [null, 'Ines', null], _given: [ABSENT, null, hidden] },
    ]
    const resource = patient({
      _birthDate: ABSENT,
      _gender: ABSENT,
      name,
      address: [{ line: [null, '1 Fig Lane'], _line: [ABSENT, null] }],
    })
    const { summary } = await read([{ resource }])
    expect([summary.name, summary.birthDate]).toEqual(['Ines', ''])
    expect(summary.identifyingWords).toEqual(expect.arrayContaining(['Ines', 'Quillfeather', '1 Fig Lane', 'MRN-1']))
  })

  test('a name that is an extension only, or of a wrong kind, is no name', async () => {
    for (const name of [undefined, [], [{ _text: ABSENT }], [{ given: [null] }], [ABSENT]]) {
      expect((await read([{ resource: patient({ name }) }])).summary.name).toBe('')
    }
  })
})
