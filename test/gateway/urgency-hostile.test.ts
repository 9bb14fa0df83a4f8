import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { smallBundle, type TestResource } from './records-bundles.ts'
import { type Client, LABELS, type RecordsStage, raiseRecords } from './records-stage.ts'
import { ILL, keepRecord, look, openCase, refusal, vitals, WELL } from './urgency-play.ts'
import { CLINICIAN, MERCY, scoresOf, UrgencyStage } from './urgency-stage.ts'

let stage: RecordsStage
let mercy: Client
let id: string
let nowS: number
const MARK = 'Qw7PlantedSecret'

beforeAll(async () => {
  stage = await raiseRecords()
  nowS = stage.gateway.clock.nowS()
  mercy = await stage.signIn(LABELS.mercy)
  const record = await keepRecord(mercy, 'mrn-hostile')
  await keepRecord(mercy, 'mrn-somebody-else')
  id = (await openCase(stage, mercy, record)).case
})
afterAll(() => stage?.stop())

const [PULSE = { resourceType: 'Observation' }] = vitals({ pulse: 140 }, 0)
const pulse = (more: Record<string, unknown>): TestResource => ({
  ...PULSE,
  effectiveDateTime: new Date(nowS * 1_000).toISOString(),
  ...more,
})
const beats = (value: unknown, code = '/min', system = 'http://unitsofmeasure.org') =>
  pulse({ valueQuantity: { value, unit: MARK, system, code } })
const add = (...observations: unknown[]) => refusal(mercy, 'POST', `/hospital/cases/${id}/observations`, { observations })

describe('error: observations that are not taken, named, with nothing kept:', () => {
  const refused: [string, () => unknown, string, string][] = [
    ['a unit that is no unit of it', () => beats(140, 'kg'), 'case/unusable-observation', 'observations.1: pulse, unknown-unit'],
    ['no unit system', () => pulse({ valueQuantity: { value: 140, unit: '/min' } }), 'case/unusable-observation', 'pulse, unknown-unit'],
    [
      'Fahrenheit said to be Celsius',
      () => vitals({ temperature: 98.6 }, nowS)[0],
      'case/unusable-observation',
      'temperature, outside-limits',
    ],
    ['a value that nobody alive has', () => beats(900), 'case/unusable-observation', 'pulse, outside-limits'],
    [
      'a moment that has not come',
      () => pulse({ effectiveDateTime: '2999-01-01T00:00:00Z' }),
      'case/unusable-observation',
      'pulse, in-future',
    ],
    ['no moment', () => pulse({ effectiveDateTime: undefined }), 'case/unusable-observation', 'pulse, no-time'],
    [
      'a level of consciousness of no scale',
      () => vitals({ level: MARK }, nowS)[0],
      'case/unusable-observation',
      'consciousness, unknown-answer',
    ],
    [
      'another patient',
      () => pulse({ subject: { reference: 'Patient/patient-mrn-somebody-else' } }),
      'case/other-patient',
      'observations.1',
    ],
    [
      'another patient by a whole address',
      () => pulse({ subject: { reference: `https://x.example/Patient/${MARK}` } }),
      'case/other-patient',
      'observations.1',
    ],
    ['a group of people', () => pulse({ subject: { reference: 'Group/1' } }), 'case/other-patient', 'observations.1'],
    ['an unborn child', () => pulse({ focus: [{ reference: 'Patient/unborn' }] }), 'case/other-patient', 'observations.1'],
    [
      'what a modifier turns round',
      () => pulse({ modifierExtension: [{ url: 'https://x.example/not', valueBoolean: true }] }),
      'case/other-patient',
      'observations.1',
    ],
    [
      'another resource',
      () => ({ resourceType: 'Patient', name: [{ family: MARK }] }),
      'case/invalid-observation',
      'observations.1: no Observation',
    ],
    ['a text', () => MARK, 'case/invalid-observation', 'observations.1'],
    ['nothing', () => null, 'case/invalid-observation', 'observations.1'],
    ['no status', () => pulse({ status: undefined }), 'case/invalid-observation', 'observations.1: Observation.status'],
    ['a value that is a text', () => beats(MARK), 'case/invalid-observation', 'observations.1'],
    ['two values', () => pulse({ valueString: MARK }), 'case/invalid-observation', 'observations.1'],
    ['an element that FHIR does not know', () => pulse({ bloodColour: MARK }), 'case/invalid-observation', 'observations.1'],
    ['an id of another one', () => ({ ...vitals({ rate: 12 }, nowS)[0], id: 'a' }), 'case/invalid-observation', 'observations.1: an id'],
  ]
  test.each(refused)('%s', async (_what, make, code, named) => {
    const answer = await add({ ...beats(70), id: 'a' }, make())
    expect(answer).toMatchObject({ status: 422, code, message: expect.stringContaining(named) })
    expect(answer.message).not.toContain(MARK)
    expect(await look(mercy, id)).toMatchObject({ revision: 1, observations: [] })
  })

  test('one nested too deep', async () => {
    let deep: unknown = {}
    for (let level = 0; level < 500; level += 1) deep = { extension: [deep] }
    expect((await add(pulse({ extension: [deep] }))).status).toBeGreaterThanOrEqual(400)
    expect(await look(mercy, id)).toMatchObject({ revision: 1, observations: [] })
  })

  test('10,000 at once', async () => {
    const many = Array.from({ length: 10_000 }, () => beats(140))
    expect(await add(...many)).toMatchObject({ status: 413, code: 'input/too-large' })
    expect(await add(...Array.from({ length: 201 }, () => beats(140)))).toMatchObject({ status: 400, code: 'input/invalid' })
    expect(await add()).toMatchObject({ status: 400, code: 'input/invalid' })
  })
})

describe('error: notes, decisions and cases that are not taken:', () => {
  const post = (what: string, body: unknown) => refusal(mercy, 'POST', `/hospital/cases/${id}/${what}`, body)

  test('a note of a megabyte, one of 100,001 letters, an empty one', async () => {
    expect(await post('notes', { text: 'x'.repeat(1_000_000) })).toMatchObject({ status: 413, code: 'input/too-large' })
    expect(await post('notes', { text: 'x'.repeat(100_001) })).toMatchObject({ status: 413, code: 'case/note-too-long' })
    expect(await post('notes', { text: '病'.repeat(100_001) })).toMatchObject({ status: 413, code: 'case/note-too-long' })
    expect(await post('notes', { text: ' \n ' })).toMatchObject({ status: 400, code: 'input/invalid' })
    expect(await post('notes', { text: 5 })).toMatchObject({ status: 400, code: 'input/invalid' })
    expect((await look(mercy, id)).notes).toEqual([])
  })

  test('scores that are none, and decisions without a revision', async () => {
    for (const body of [
      { revision: 1, score: 101, reason: 'A reason that is long enough.' },
      { revision: 1, score: -1, reason: 'A reason that is long enough.' },
      { revision: 1, score: 12.5, reason: 'A reason that is long enough.' },
      { score: 12, reason: 'A reason that is long enough.' },
      { revision: 1, score: 12, reason: 'x'.repeat(501) },
      { revision: 1, score: 12, reason: 'A reason that is long enough.', by: '0x1' },
    ]) {
      expect(await post('override', body)).toMatchObject({ status: 400, code: 'input/invalid' })
    }
    expect(await post('confirmation', { revision: 99 })).toMatchObject({ status: 409, code: 'case/score-changed' })
    expect(await post('status', { status: 'gone' })).toMatchObject({ status: 400, code: 'input/invalid' })
    expect(await look(mercy, id)).toMatchObject({ decisions: [], status: 'waiting' })
  })

  test('arrivals that cannot be, ids that are none', async () => {
    const { record } = await look(mercy, id)
    const wanted = { record, specialty: 'urology', arrivedAtS: nowS }
    for (const [more, expected] of [
      [{ arrivedAtS: nowS + 3_600 }, { code: 'case/times', message: expect.stringContaining('arrivedAtS') }],
      [{ arrivedAtS: nowS - 40 * 86_400 }, { code: 'case/times', message: expect.stringContaining('arrivedAtS') }],
      [{ episodeFromS: nowS + 3_600 }, { code: 'case/times', message: expect.stringContaining('episodeFromS') }],
      [{ episodeFromS: 0 }, { code: 'case/times', message: expect.stringContaining('episodeFromS') }],
      [{ specialty: 'Urology; DROP TABLE' }, { code: 'input/invalid' }],
      [{ record: 'one' }, { code: 'input/invalid' }],
      [{ oxygenScale: 3 }, { code: 'input/invalid' }],
      [{ score: 100 }, { code: 'input/invalid' }],
    ] as const) {
      expect(await refusal(mercy, 'POST', '/hospital/cases', { ...wanted, ...more })).toMatchObject({ status: 400, ...expected })
    }
    expect(await refusal(mercy, 'GET', '/hospital/cases/one')).toMatchObject({ status: 400, code: 'input/invalid' })
    expect(await refusal(mercy, 'GET', '/hospital/cases?after=e30')).toMatchObject({ status: 400, code: 'input/invalid' })
    const unknown = '3f1c2d1e-8f59-4d3a-9d35-1f6f7e0c0001'
    expect(await refusal(mercy, 'GET', `/hospital/cases/${unknown}`)).toMatchObject({ status: 404, code: 'case/other-hospital' })
  })

  test('without a word of them in the log', () => {
    expect(stage.log.join('')).not.toContain(MARK)
  })
})

describe('what stands in a record', () => {
  async function cases(): Promise<UrgencyStage> {
    const raised = await UrgencyStage.raise()
    onTestFinished(() => raised.stop())
    return raised
  }
  const of = (mrn: string, resources: TestResource[], more: Record<string, unknown> = {}) =>
    resources.map((one, index) => ({ id: `o${index}`, subject: { reference: `urn:uuid:patient-${mrn}` }, ...one, ...more }))

  async function scoreOf(raised: UrgencyStage, mrn: string, resources: TestResource[], patient: Record<string, unknown> = {}) {
    const bundle = smallBundle(mrn, resources)
    Object.assign(bundle.entry[0]?.resource ?? {}, patient)
    const record = await raised.keep('mercy', bundle)
    return await raised.cases.create(MERCY, { record, specialty: 'emergency', arrivedAtS: raised.nowS }, CLINICIAN)
  }

  test('sex, race and name change no score and no evidence', async () => {
    const raised = await cases()
    const race = (code: string, display: string) => ({
      url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race',
      extension: [{ url: 'ombCategory', valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code, display } }],
    })
    const people = [
      { gender: 'male', name: [{ family: 'Miller', given: ['John'] }], extension: [race('2106-3', 'White')] },
      { gender: 'female', name: [{ family: 'Okonkwo', given: ['Ngozi'] }], extension: [race('2054-5', 'Black or African American')] },
      { gender: 'other', name: [{ family: 'Nguyen', given: ['Anh'] }], extension: [race('2028-9', 'Asian')], address: [{ city: 'Lyon' }] },
    ]
    const seen = await Promise.all(
      people.map(async (person, index) => {
        const { case: id } = await scoreOf(raised, `m${index}`, of(`m${index}`, vitals(ILL, raised.nowS)), person)
        await raised.cases.addNote(MERCY, id, 'Skin mottled to the knees.', CLINICIAN)
        return (await raised.cases.get(MERCY, id)).urgency
      }),
    )
    expect(seen[0]?.score).toBe(79)
    for (const one of seen) expect(one).toEqual(seen[0])
  })

  test('10,000 observations are scored in seconds', async () => {
    const raised = await cases()
    const many = Array.from({ length: 1_429 }, (_, index) => vitals(index === 0 ? ILL : WELL, raised.nowS - index)).flat()
    const record = await raised.keep('mercy', smallBundle('many', many))
    const startMs = performance.now()
    expect(await raised.cases.create(MERCY, { record, specialty: 'emergency', arrivedAtS: raised.nowS }, CLINICIAN)).toMatchObject({
      score: 69,
    })
    expect(performance.now() - startMs).toBeLessThan(10_000)
  })

  test('more notes than a case takes are refused', async () => {
    const raised = await cases()
    const { case: id } = await scoreOf(raised, 'full', [])
    const note = { kind: 'note', by: CLINICIAN, addedAtS: raised.nowS, text: 'Stable.' }
    for (let place = 1; place < 100; place += 1) {
      await raised.vault.put(MERCY, 'observations', `case/${id}/${String(place).padStart(5, '0')}`, note)
    }
    await raised.cases.addNote(MERCY, id, 'The hundredth.', CLINICIAN)
    await expect(raised.cases.addNote(MERCY, id, 'One more.', CLINICIAN)).rejects.toMatchObject({ code: 'case/full' })
    expect((await raised.cases.get(MERCY, id)).notes).toHaveLength(100)
  })

  test('10,000 that are refused leave a score, and no more of them than can be kept', async () => {
    const raised = await cases()
    const odd = Array.from({ length: 10_000 }, (_, index) => vitals({ pulse: 5_000 + index }, raised.nowS - index)).flat()
    const { case: id, score } = await scoreOf(raised, 'odd', odd)
    expect(score).toBe(25)
    expect((await raised.cases.get(MERCY, id)).urgency.implausible).toHaveLength(200)
  })

  test('observations of somebody else in a record do not count', async () => {
    const raised = await cases()
    const others = [
      ...of('x', vitals(ILL, raised.nowS), { subject: { reference: 'Patient/the-twin' } }),
      ...of('x', vitals({ pulse: 150 }, raised.nowS), { id: 'f', focus: [{ reference: 'Patient/unborn' }] }),
    ]
    expect(await scoreOf(raised, 'x', others)).toMatchObject({ score: 25, missing: { length: 7 } })
  })

  test('children and pregnant people are scored as if nothing were known, and say so', async () => {
    const raised = await cases()
    const ill = (mrn: string) => of(mrn, vitals(ILL, raised.nowS))
    const bornOn = new Date((raised.nowS - 5 * 365 * 86_400) * 1_000).toISOString().slice(0, 10)
    expect(await scoreOf(raised, 'child', ill('child'), { birthDate: bornOn })).toMatchObject({ score: 25, outOfScope: 'under-16' })
    expect(await scoreOf(raised, 'unknown', ill('unknown'), { birthDate: undefined })).toMatchObject({
      score: 25,
      outOfScope: 'age-unknown',
    })
    const pregnant: TestResource = {
      resourceType: 'Condition',
      id: 'c',
      subject: { reference: 'urn:uuid:patient-pregnant' },
      clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '72892002', display: 'Normal pregnancy' }] },
      onsetDateTime: new Date((raised.nowS - 86_400 * 100) * 1_000).toISOString(),
    }
    expect(await scoreOf(raised, 'pregnant', [...ill('pregnant'), pregnant])).toMatchObject({ score: 25, outOfScope: 'pregnant' })
    const over = { ...pregnant, subject: { reference: 'urn:uuid:patient-over' }, onsetDateTime: '2020-01-01' }
    expect(await scoreOf(raised, 'over', [...ill('over'), over])).toMatchObject({ score: 69, outOfScope: null })
    expect(await scoresOf(raised, MERCY)).toHaveLength(4)
  })

  test('a withdrawn or corrected observation of a case counts no longer', async () => {
    const raised = await cases()
    const { case: id } = await scoreOf(raised, 'w', [])
    const set = (values: typeof WELL) => vitals(values, raised.nowS).map((one, index) => ({ ...one, id: `o${index}` }))
    expect(await raised.cases.addObservations(MERCY, id, set(ILL), CLINICIAN)).toMatchObject({ score: 69 })
    expect(await raised.cases.addObservations(MERCY, id, set(WELL), CLINICIAN)).toMatchObject({ score: 0 })
    const withdrawn = set(WELL).map((one) => ({ ...one, status: 'entered-in-error' }))
    expect(await raised.cases.addObservations(MERCY, id, withdrawn, CLINICIAN)).toMatchObject({ score: 25, missing: { length: 7 } })
  })
})
