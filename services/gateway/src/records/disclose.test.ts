import {
  CATEGORY_KEYS,
  type CategoryKey,
  categoryOf,
  type RecordId,
  type ResourceLike,
  recordIdSchema,
  SENSITIVITY_KEYS,
  type SensitivityKey,
} from '@medsync/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clinicalSpan } from './clinicalSpan.ts'
import { type DisclosedBundle, disclose, type Permit } from './disclose.ts'
import { entrySensitivities, type ReadEntry } from './entrySensitivities.ts'
import { identifyingWords } from './identifyingWords.ts'
import type { OpenedRecord, StoredEntry } from './openedRecord.ts'
import { RELEASED_FIELDS } from './releasedFields.ts'
import { walkResource } from './walkResource.ts'

const SEED = 42
/** Fields that never leave, wherever they stand. */
const NEVER = new Set([
  'note',
  'identifier',
  'contained',
  'div',
  'performer',
  'author',
  'meta',
  'unheardOf',
  'reference',
  'uid',
  'extension',
])
const KEY = new Uint8Array(32).fill(7)
const RECORD: RecordId = recordIdSchema.parse('11111111-1111-4111-8111-111111111111')
const EVERYTHING: Permit = { decision: 'permit', categories: CATEGORY_KEYS, dataFromS: 0, dataToS: 0, sensitivities: SENSITIVITY_KEYS }
const ABOUT = { reference: 'urn:uuid:the-patient' }

const patient: ResourceLike = {
  resourceType: 'Patient',
  id: 'the-patient',
  name: [{ family: 'Oyelaran', given: ['Thandiwe', 'Bo'] }],
  birthDate: '1970-01-02',
  telecom: [{ value: '+49 30 123456' }],
  address: [{ line: ['12 Fig Lane'], city: 'Bath', postalCode: 'BA1 1AA' }],
  identifier: [{ value: 'MRN-99' }],
}

/** A record opened whole, as `openParts` gives it. */
function opened(resources: readonly ResourceLike[]): OpenedRecord {
  const entries: ReadEntry[] = resources.map((resource) => ({
    fullUrl: `urn:uuid:${resource.id}`,
    resource,
    category: categoryOf(resource),
  }))
  const sensitivities = entrySensitivities(entries)
  const parts = new Map<CategoryKey, StoredEntry[]>()
  entries.forEach(({ fullUrl, resource, category }, index) => {
    if (category === undefined) return
    parts.set(category, [...(parts.get(category) ?? []), { fullUrl, resource, sensitivities: sensitivities[index] ?? [] }])
  })
  return {
    record: RECORD,
    parts,
    patientUrls: ['urn:uuid:the-patient', 'Patient/the-patient'],
    identifyingWords: identifyingWords(entries),
  }
}

const condition = (id: string, more: Partial<ResourceLike> = {}): ResourceLike => ({
  resourceType: 'Condition',
  id,
  subject: ABOUT,
  code: { text: 'Asthma' },
  recordedDate: '2024-03-05',
  ...more,
})

async function typesOf(resources: readonly ResourceLike[], permit: Partial<Permit> = {}): Promise<string[]> {
  const bundle = await disclose(opened(resources), { ...EVERYTHING, ...permit }, KEY)
  return bundle.entry.map(({ resource }) => resource.resourceType)
}

describe('what leaves', () => {
  test('only the permitted categories, and nothing that is in none', async () => {
    const resources = [
      patient,
      condition('c'),
      { resourceType: 'Procedure', id: 'p', subject: ABOUT },
      { resourceType: 'Provenance', id: 'v' },
    ]
    expect(await typesOf(resources)).toEqual(['Patient', 'Condition', 'Procedure'])
    expect(await typesOf(resources, { categories: ['procedures'] })).toEqual(['Procedure'])
    expect(await typesOf(resources, { categories: ['laboratory'] })).toEqual([])
  })

  test('a resource whose part says another category than it has stays', async () => {
    const record = opened([condition('c')])
    const moved = { ...record, parts: new Map([['procedures' as const, record.parts.get('conditions') ?? []]]) }
    expect((await disclose(moved, EVERYTHING, KEY)).entry).toEqual([])
  })

  test('only what lies wholly in the period; what has no date is in none', async () => {
    const resources = [
      patient,
      condition('before', { recordedDate: '2023-12-31' }),
      condition('within', { recordedDate: '2024-01-01' }),
      condition('year', { recordedDate: '2024' }),
      condition('after', { recordedDate: '2025-01-01' }),
      condition('reaches-out', { onsetDateTime: '2024-05-01', abatementDateTime: '2025-05-01' }),
      condition('undated', { recordedDate: undefined }),
    ]
    const period = { dataFromS: Date.UTC(2024, 0) / 1_000, dataToS: Date.UTC(2025, 0) / 1_000 }
    const bundle = await disclose(opened(resources), { ...EVERYTHING, ...period }, KEY)
    expect(bundle.entry.map(({ resource }) => resource.recordedDate)).toEqual(['2024-01-01', '2024'])
  })

  test('nothing sensitive that is not named, whether labelled, coded or pointed to', async () => {
    const hiv = { coding: [{ system: 'http://snomed.info/sct', code: '86406008' }] }
    const resources = [
      condition('plain'),
      condition('coded', { code: hiv }),
      condition('labelled', { meta: { security: [{ code: 'HIV' }] } }),
      condition('deep', { evidence: [{ code: [hiv] }] }),
      { resourceType: 'MedicationRequest', id: 'm', subject: ABOUT, reasonReference: [{ reference: 'urn:uuid:coded' }] },
      { resourceType: 'CarePlan', id: 'cp', subject: ABOUT, activity: [{ reference: { reference: 'MedicationRequest/m' } }] },
      { resourceType: 'DocumentReference', id: 'd', subject: ABOUT },
    ]
    expect(await typesOf(resources, { sensitivities: [] })).toEqual(['Condition'])
    expect((await typesOf(resources, { sensitivities: ['hiv'] })).sort()).toEqual([
      'CarePlan',
      'Condition',
      'Condition',
      'Condition',
      'Condition',
      'DocumentReference',
      'MedicationRequest',
    ])
  })

  test('nothing about somebody else', async () => {
    const resources = [
      condition('mine'),
      condition('theirs', { subject: { reference: 'Patient/another' } }),
      condition('group', { subject: { reference: 'Group/1' } }),
      condition('unsaid', { subject: { display: 'Thandiwe' } }),
      {
        resourceType: 'Observation',
        id: 'o',
        subject: ABOUT,
        category: [{ coding: [{ code: 'laboratory' }] }],
        focus: [{ reference: 'Patient/child' }],
      },
    ]
    expect((await disclose(opened(resources), EVERYTHING, KEY)).entry.length).toBe(1)
  })

  test('nothing whose meaning an extension changes', async () => {
    const modifierExtension = [{ url: 'http://x.example/not', valueBoolean: true }]
    expect(await typesOf([condition('a', { modifierExtension }), condition('b', { stage: [{ modifierExtension }] })])).toEqual([])
    expect(await typesOf([condition('c', { implicitRules: 'http://x.example' })])).toEqual([])
  })
})

describe('who it is', () => {
  test('ids are new, the same in one study and record, and others in another', async () => {
    const record = opened([patient, condition('c')])
    const [one, again, other] = await Promise.all([KEY, KEY, new Uint8Array(32)].map((key) => disclose(record, EVERYTHING, key)))
    expect(one).toEqual(again)
    const ids = (bundle: DisclosedBundle | undefined): unknown[] => bundle?.entry.map(({ resource }) => resource.id) ?? []
    expect(ids(one)[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(ids(one).filter((id) => ids(other).includes(id))).toEqual([])
    expect(JSON.stringify(one)).not.toContain('the-patient')
  })

  test('with demographics, resources point to the patient; without, to a pseudonym that is the same', async () => {
    const record = opened([patient, condition('c')])
    const whole = await disclose(record, EVERYTHING, KEY)
    const [who, what] = whole.entry
    expect(what?.resource.subject).toEqual({ reference: who?.fullUrl })
    const part = await disclose(record, { ...EVERYTHING, categories: ['conditions'] }, KEY)
    expect(part.entry[0]?.resource.subject).toEqual({
      type: 'Patient',
      identifier: { system: 'urn:medsync:pseudonym', value: who?.resource.id },
    })
  })

  test('demographics are name, birth and address, not numbers or telephones', async () => {
    const bundle = await disclose(
      opened([{ ...patient, contact: [{ name: { text: 'A Friend' } }], photo: [{ data: 'AAAA' }] }]),
      EVERYTHING,
      KEY,
    )
    expect(Object.keys(bundle.entry[0]?.resource ?? {})).toEqual(['resourceType', 'id', 'name', 'birthDate', 'address'])
  })

  test('references lead only to what leaves too', async () => {
    const resources = [
      condition('c', { encounter: { reference: 'urn:uuid:e', display: 'with Dr Who' } }),
      {
        resourceType: 'Encounter',
        id: 'e',
        subject: ABOUT,
        status: 'finished',
        diagnosis: [{ condition: { reference: 'Condition/c/_history/2' } }],
      },
    ]
    const both = await disclose(opened(resources), EVERYTHING, KEY)
    const [first, second] = both.entry
    expect(first?.resource.encounter).toEqual({ reference: second?.fullUrl })
    expect(second?.resource.diagnosis).toEqual([{ condition: { reference: first?.fullUrl } }])
    const one = await disclose(opened(resources), { ...EVERYTHING, categories: ['conditions'] }, KEY)
    expect(one.entry[0]?.resource.encounter).toBeUndefined()
    const other = await disclose(opened(resources), { ...EVERYTHING, categories: ['encounters'] }, KEY)
    expect(JSON.stringify(other.entry[0]?.resource.diagnosis)).toContain('"valueCode":"masked"')
  })

  test('names, streets and numbers are taken out of texts, also of notes in base64', async () => {
    const said = 'THANDIWE oyelaran of 12 Fig  Lane (mrn-99) told Dr. Quux that Bo is well. Tel +49 30 123456.'
    const resources = [
      patient,
      condition('c', { code: { text: said }, recorder: { reference: 'Practitioner/1', display: 'Dr. Quux' } }),
      {
        resourceType: 'DocumentReference',
        id: 'd',
        subject: ABOUT,
        content: [{ attachment: { contentType: 'text/plain', title: 'Oyelaran', data: Buffer.from(said).toString('base64') } }],
      },
    ]
    const bundle = await disclose(opened(resources), { ...EVERYTHING, categories: ['conditions', 'documents'] }, KEY)
    const expected = '[removed] [removed] of [removed] ([removed]) told [removed] that [removed] is well. Tel [removed].'
    expect(bundle.entry[0]?.resource.code).toEqual({ text: expected })
    const data = Buffer.from(expected).toString('base64')
    expect(bundle.entry[1]?.resource.content).toEqual([{ attachment: { contentType: 'text/plain; charset=utf-8', data } }])
  })

  test('pictures and PDFs stay, since no name can be taken out of them', async () => {
    const attachment = { contentType: 'application/pdf', data: 'U0VDUkVU', url: 'http://x.example/secret' }
    const bundle = await disclose(
      opened([{ resourceType: 'DocumentReference', id: 'd', subject: ABOUT, content: [{ attachment }] }]),
      EVERYTHING,
      KEY,
    )
    expect(JSON.stringify(bundle)).not.toMatch(/U0VDUkVU|secret/)
  })

  test('what clinicians wrote freely needs the category documents', async () => {
    const report = {
      resourceType: 'DiagnosticReport',
      id: 'r',
      subject: ABOUT,
      conclusion: 'I think that he drinks.',
      text: { div: 'narrative' },
      note: [{ text: 'aside' }],
    }
    const lab = await disclose(opened([report]), EVERYTHING, KEY)
    expect(JSON.stringify(lab)).not.toMatch(/drinks|narrative|aside/)
    const document = await disclose(opened([{ ...report, presentedForm: [{ contentType: 'text/plain', data: '' }] }]), EVERYTHING, KEY)
    expect(document.entry[0]?.resource.conclusion).toBe('I think that he drinks.')
  })
})

describe('a mark planted in every field of every resource', () => {
  /** A resource of each type with a mark in every field that the table knows, and in many that it does not. */
  const types = Object.keys(RELEASED_FIELDS)
  const marked = types.map((type): ResourceLike => {
    const mark = (path: string): string => `MARK.${type}.${path}`
    const strange = {
      text: { status: 'generated', div: mark('text.div') },
      contained: [{ resourceType: 'Condition', id: 'x', code: { text: mark('contained') } }],
      extension: [{ url: mark('extension.url'), valueString: mark('extension') }],
      identifier: [{ system: 'x', value: mark('identifier') }],
      note: [{ text: mark('note'), authorString: mark('note.author') }],
      performer: [{ actor: { reference: `Practitioner/${type}`, display: mark('performer') } }],
      author: [{ display: mark('author') }],
      meta: { source: mark('meta.source'), tag: [{ display: mark('meta.tag') }] },
      language: mark('language'),
      unheardOf: { deep: { deeper: mark('unheardOf') } },
    }
    return {
      ...strange,
      ...fill(RELEASED_FIELDS[type] ?? {}, mark),
      resourceType: type,
      id: type === 'Patient' ? 'the-patient' : `${type}-1`,
      ...(type === 'Observation' ? { category: [{ coding: [{ code: 'laboratory', display: mark('category') }] }] } : {}),
      ...(type === 'DiagnosticReport' ? { presentedForm: undefined } : {}),
      // A mark in place of a label is an unknown label, which keeps the whole resource back.
      ...(type === 'DocumentReference' ? { securityLabel: undefined } : {}),
    }
  })

  test('survives only where the permit and the table let it', async () => {
    for (const category of CATEGORY_KEYS) {
      const bundle = await disclose(opened(marked), { ...EVERYTHING, categories: [category] }, KEY)
      const allowed = marked.filter((resource) => categoryOf(resource) === category).map(({ resourceType }) => resourceType)
      for (const mark of marksIn(bundle)) {
        const [, type = '', ...path] = mark.split('.')
        expect(allowed).toContain(type)
        expect(Object.keys(RELEASED_FIELDS[type] ?? {})).toContain(path[0])
        expect(path.filter((field) => NEVER.has(field))).toEqual([])
      }
    }
  })

  test('is really planted: with everything permitted, marks of every category come through', async () => {
    const bundle = await disclose(opened(marked), EVERYTHING, KEY)
    const types = new Set(marksIn(bundle).map((mark) => mark.split('.')[1]))
    expect([...types].sort()).toEqual(marked.map(({ resourceType }) => resourceType).sort())
  })
})

describe('a permit never lets out more than it says', () => {
  const day = fc.integer({ min: 0, max: 3_000 }).map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10))
  const sensitive = fc.constantFrom(undefined, 'HIV', 'PSY', 'ETH', 'R')
  const meta = (label: string | undefined): object => (label === undefined ? {} : { meta: { security: [{ code: label }] } })
  const resource = fc.oneof(
    fc
      .record({ day: fc.option(day, { nil: undefined }), label: sensitive })
      .map(({ day, label }) => condition('', { recordedDate: day, ...meta(label) })),
    fc.record({ day, label: sensitive }).map(
      ({ day, label }): ResourceLike => ({
        resourceType: 'Procedure',
        subject: ABOUT,
        performedDateTime: day,
        reasonReference: [{ reference: 'Condition/id-0' }],
        ...meta(label),
      }),
    ),
    fc.constant<ResourceLike>({ resourceType: 'Provenance' }),
    fc.record({ day, kind: fc.constantFrom('laboratory', 'vital-signs', 'unknown') }).map(
      ({ day, kind }): ResourceLike => ({
        resourceType: 'Observation',
        subject: ABOUT,
        effectiveDateTime: day,
        category: [{ coding: [{ code: kind }] }],
      }),
    ),
  )
  const record = fc
    .array(resource, { maxLength: 12 })
    .map((all) => all.map((each, index): ResourceLike => ({ ...each, id: `id-${index}`, language: `id-${index}` })))
  const moment = fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 3_000 }).map((days) => days * 86_400),
  )
  const permit = fc.record({
    decision: fc.constant('permit' as const),
    categories: fc.subarray<CategoryKey>([...CATEGORY_KEYS]),
    dataFromS: moment,
    dataToS: moment,
    sensitivities: fc.subarray<SensitivityKey>([...SENSITIVITY_KEYS]),
  })

  test('every resource that leaves is covered, in category, period and sensitivity', async () => {
    await fc.assert(
      fc.asyncProperty(record, permit, async (resources, ruling) => {
        const whole = opened(resources)
        const originals = new Map(
          (await disclose(whole, EVERYTHING, KEY)).entry.map(({ fullUrl }, index) => [fullUrl, leavingOrder(whole)[index]]),
        )
        for (const { fullUrl } of (await disclose(whole, ruling, KEY)).entry) {
          const original = originals.get(fullUrl)
          expect(original).toBeDefined()
          if (original === undefined) continue
          expect(ruling.categories).toContain(categoryOf(original.resource))
          for (const kind of original.sensitivities) expect(ruling.sensitivities).toContain(kind)
          const span = clinicalSpan(original.resource)
          if (ruling.dataFromS !== 0) expect(span?.fromS).toBeGreaterThanOrEqual(ruling.dataFromS)
          if (ruling.dataToS !== 0) expect(span?.toS).toBeLessThanOrEqual(ruling.dataToS)
        }
      }),
      { seed: SEED, numRuns: 300 },
    )
  })

  test('a narrower permit lets out a part of what the wider one does', async () => {
    const narrowing = fc.record({
      categories: fc.subarray<CategoryKey>([...CATEGORY_KEYS]),
      sensitivities: fc.subarray<SensitivityKey>([...SENSITIVITY_KEYS]),
      fromS: moment,
    })
    await fc.assert(
      fc.asyncProperty(record, permit, narrowing, async (resources, wide, less) => {
        const narrow: Permit = {
          ...wide,
          categories: wide.categories.filter((key) => less.categories.includes(key)),
          sensitivities: wide.sensitivities.filter((key) => less.sensitivities.includes(key)),
          dataFromS: Math.max(wide.dataFromS, less.fromS),
        }
        const whole = opened(resources)
        const [few, many] = await Promise.all([disclose(whole, narrow, KEY), disclose(whole, wide, KEY)])
        const urls = new Set(many.entry.map(({ fullUrl }) => fullUrl))
        expect(few.entry.filter(({ fullUrl }) => !urls.has(fullUrl))).toEqual([])
      }),
      { seed: SEED, numRuns: 300 },
    )
  })
})

/** The entries of a record in the order in which they leave when everything may. */
function leavingOrder(record: OpenedRecord): StoredEntry[] {
  return CATEGORY_KEYS.flatMap((category) => [...(record.parts.get(category) ?? [])])
}

function marksIn(bundle: DisclosedBundle): string[] {
  const marks: string[] = []
  walkResource(bundle, (object) => {
    for (const value of Object.values(object).flat()) if (typeof value === 'string' && value.startsWith('MARK.')) marks.push(value)
  })
  return marks
}

/** A value of the right kind for every field of a shape, with a mark wherever text can stand. */
function fill(shape: object, mark: (path: string) => string, at = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(shape)
      .filter(([, kind]) => kind !== 'again')
      .map(([field, kind]) => {
        const path = at === '' ? field : `${at}.${field}`
        if (typeof kind === 'object') return [field, [{ ...fill(kind, mark, path), note: [{ text: mark(`${path}.note`) }] }]]
        if (kind === 'patient') return [field, { ...ABOUT, display: mark(`${path}.reference.display`) }]
        if (kind === 'reference' || kind === 'masked')
          return [field, { reference: mark(`${path}.reference`), display: mark(`${path}.reference.display`) }]
        if (kind === 'concept')
          return [field, { coding: [{ code: mark(path), display: mark(path) }], text: mark(path), id: mark(`${path}.note`) }]
        if (kind === 'attachment') return [field, { contentType: 'image/png', data: mark(`${path}.note`), title: mark(`${path}.note`) }]
        if (kind === 'usCore') return [field, [{ url: mark(`${path}.note`), valueString: mark(`${path}.note`) }]]
        if (kind === 'uid') return [field, mark(`${path}.uid`)]
        if (['quantity', 'range', 'ratio', 'period', 'timing', 'dosage', 'money', 'sampled', 'coding'].includes(kind)) {
          return [
            field,
            {
              code: mark(path),
              unit: mark(path),
              start: '2024-01-01',
              text: mark(`${path}.note`),
              extension: [{ valueString: mark(`${path}.note`) }],
            },
          ]
        }
        return [field, mark(path)]
      }),
  )
}
