import { type CaseSummary, caseIdSchema, casesSchema, slugToOrganisationId } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, LABELS, type RecordsStage, raiseRecords } from './records-stage.ts'
import { change, ILL, keepRecord, look, measure, openCase, refusal, vitals, WELL } from './urgency-play.ts'

let stage: RecordsStage
let mercy: Client
let stclare: Client
let record: string

beforeAll(async () => {
  stage = await raiseRecords()
  mercy = await stage.signIn(LABELS.mercy)
  stclare = await stage.signIn(LABELS.stclare)
  record = await keepRecord(mercy, 'mrn-1')
})
afterAll(() => stage.stop())

const specialties = [
  'anaesthesiology',
  'general-surgery',
  'cardiology',
  'neurology',
  'oncology',
  'urology',
  'nephrology',
  'psychiatry',
  'emergency',
  'respiratory',
  'orthopaedics',
]
const fresh = (): Promise<CaseSummary> => openCase(stage, mercy, record, { specialty: specialties.pop() })

describe('a case of a hospital', () => {
  test('of whom nothing is known stands at 25, and says what to measure', async () => {
    const opened = await fresh()
    expect(opened).toMatchObject({ score: 25, computed: 25, revision: 1, status: 'waiting', decision: 'none', band: 'low', rank: null })
    expect(opened.missing).toHaveLength(7)
    expect(await look(mercy, opened.case)).toMatchObject({ case: opened.case, notes: [], observations: [], history: [], decided: null })
  })

  test('is scored again with every observation and note, with its evidence', async () => {
    const opened = await fresh()
    expect(await measure(stage, mercy, opened.case, WELL)).toMatchObject({ score: 0, missing: [], revision: 2 })
    stage.pass(60)
    expect(await measure(stage, mercy, opened.case, ILL)).toMatchObject({ score: 69, band: 'high', revision: 3 })
    expect(await change(mercy, opened.case, 'notes', { text: 'Skin mottled to the knees.' })).toMatchObject({ score: 79, revision: 4 })
    const detail = await look(mercy, opened.case)
    expect(detail.history.map(({ score }) => score)).toEqual([25, 0, 69])
    expect(detail.urgency.evidence.notes).toMatchObject([{ raise: 10, note: 'note-3' }])
    const pulse = detail.urgency.evidence.vitals.find(({ parameter }) => parameter === 'pulse')
    expect(pulse).toEqual({ parameter: 'pulse', points: 2, sources: ['case-2.5'] })
    expect(detail.observations.find(({ id }) => id === 'case-2.5')).toMatchObject({
      origin: 'case',
      resource: { valueQuantity: { value: 125 } },
    })
  })

  test('counts what the record says of the episode, and not what is older', async () => {
    const nowS = stage.gateway.clock.nowS()
    const old = vitals(ILL, nowS - 3 * 86_400).map((one, index) => ({
      ...one,
      id: `old${index}`,
      subject: { reference: 'Patient/patient-mrn-2' },
    }))
    const now = vitals(WELL, nowS - 600).map((one, index) => ({
      ...one,
      id: `now${index}`,
      subject: { reference: 'Patient/patient-mrn-2' },
    }))
    const mine = await keepRecord(mercy, 'mrn-2', [...old, ...now])
    const opened = await openCase(stage, mercy, mine)
    expect(opened).toMatchObject({ score: 0, missing: [] })
    const { observations } = await look(mercy, opened.case)
    expect(observations.map(({ id, origin }) => [id, origin])).toContainEqual(['record-now0', 'record'])
    expect(observations.every(({ id }) => id.startsWith('record-now'))).toBe(true)
  })

  test('is confirmed or overridden with a reason, and the computed score comes back by confirming it', async () => {
    const { case: id, revision } = await measure(stage, mercy, (await fresh()).case, ILL)
    const confirmed = await change(mercy, id, 'confirmation', { revision })
    expect(confirmed).toMatchObject({ score: 69, decision: 'confirmed', revision: revision + 1 })
    const reason = 'Deteriorating quickly.'
    const raised = await change(mercy, id, 'override', { revision: confirmed.revision, score: 90, reason })
    expect(raised).toMatchObject({ score: 90, computed: 69, decision: 'raised' })
    const unreasoned = { revision: raised.revision, score: 10, reason: 'no' }
    expect(await refusal(mercy, 'POST', `/hospital/cases/${id}/override`, unreasoned)).toEqual({
      status: 400,
      code: 'urgency/override-unreasoned',
      message: 'A score was changed without a reason.',
    })
    const back = await change(mercy, id, 'confirmation', { revision: raised.revision })
    expect(back).toMatchObject({ score: 69, decision: 'confirmed' })
    const { decisions } = await look(mercy, id)
    expect(decisions.map(({ kind, score, sawScore }) => [kind, score, sawScore])).toEqual([
      ['confirmed', 69, 69],
      ['raised', 90, 69],
      ['confirmed', 69, 69],
    ])
    expect(decisions[1]).toMatchObject({ reason, by: stage.account(LABELS.mercy).address })
  })

  test('error: whoever has not seen a colleague’s decision does not undo it, in turn or at the same moment', async () => {
    const { case: id, revision } = await measure(stage, mercy, (await fresh()).case, ILL)
    const override = { revision, score: 90, reason: 'Deteriorating quickly.' }
    await change(mercy, id, 'override', override)
    expect(await refusal(mercy, 'POST', `/hospital/cases/${id}/confirmation`, { revision })).toMatchObject({
      status: 409,
      code: 'case/score-changed',
    })
    const seen = await look(mercy, id)
    expect(seen).toMatchObject({ score: 90, decision: 'raised', decisions: { length: 1 } })
    const both = await Promise.all([
      mercy.json('POST', `/hospital/cases/${id}/confirmation`, { revision: seen.revision }),
      mercy.json('POST', `/hospital/cases/${id}/override`, { ...override, revision: seen.revision, score: 95 }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await look(mercy, id)).decisions).toHaveLength(2)
  })

  test('is scored on the other oxygen scale, or out of scope, when a clinician says so, and both can be taken back', async () => {
    const { case: id } = await measure(stage, mercy, (await fresh()).case, { ...WELL, saturation: 89 })
    const assess = (body: object) => change(mercy, id, 'assessment', body)
    expect(await look(mercy, id)).toMatchObject({ score: 30, oxygenScale: 1, isPregnant: null, assessments: [{ oxygenScale: 1 }] })
    expect(await assess({ oxygenScale: 2 })).toMatchObject({ score: 0 })
    expect(await assess({ isPregnant: true })).toMatchObject({ score: 25, outOfScope: 'pregnant' })
    expect(await assess({ isPregnant: null, oxygenScale: 1 })).toMatchObject({ score: 30, outOfScope: null })
    const { assessments, oxygenScale } = await look(mercy, id)
    expect(oxygenScale).toBe(1)
    expect(assessments.map(({ oxygenScale: scale, isPregnant }) => [scale, isPregnant])).toEqual([
      [1, null],
      [2, null],
      [2, true],
      [1, null],
    ])
    for (const body of [{}, { oxygenScale: 3 }, { isPregnant: 'yes' }, { score: 3 }]) {
      expect(await refusal(mercy, 'POST', `/hospital/cases/${id}/assessment`, body)).toMatchObject({ status: 400, code: 'input/invalid' })
    }
  })

  test('is not decided upon by what was on an older screen', async () => {
    const { case: id, revision } = await measure(stage, mercy, (await fresh()).case, WELL)
    stage.pass(60)
    await measure(stage, mercy, id, ILL)
    expect(await refusal(mercy, 'POST', `/hospital/cases/${id}/confirmation`, { revision })).toMatchObject({
      status: 409,
      code: 'case/score-changed',
    })
    expect(await look(mercy, id)).toMatchObject({ decisions: [], score: 69 })
  })

  test('what was lowered counts no longer when it gets worse', async () => {
    const { case: id, revision } = await measure(stage, mercy, (await fresh()).case, WELL)
    expect(await change(mercy, id, 'confirmation', { revision })).toMatchObject({ decision: 'confirmed', hasLapsed: false })
    stage.pass(60)
    expect(await measure(stage, mercy, id, ILL)).toMatchObject({ score: 69, decision: 'none', hasLapsed: true })
  })

  test('is ranked while it waits, and takes nothing more once it is done', async () => {
    const organisation = slugToOrganisationId('mercy')
    const { case: id } = await measure(stage, mercy, (await fresh()).case, ILL)
    const isWaiting = async () => (await stage.gateway.cases.waiting(organisation)).find(({ caseId }) => caseId === id)
    expect(await isWaiting()).toEqual({ caseId: id, score: 69, specialty: expect.any(String) })
    await stage.gateway.cases.keepRanks(organisation, { round: 'round-1', total: 12, ranks: new Map([[id, 3]]) })
    expect((await look(mercy, id)).rank).toMatchObject({ round: 'round-1', rank: 3, total: 12 })
    const status = (to: string) => mercy.json('POST', `/hospital/cases/${id}/status`, { status: to })
    expect((await status('allocated')).status).toBe(204)
    expect(await isWaiting()).toBeUndefined()
    expect((await status('waiting')).status).toBe(204)
    expect(await isWaiting()).toBeDefined()
    expect((await status('done')).status).toBe(204)
    expect(await refusal(mercy, 'POST', `/hospital/cases/${id}/status`, { status: 'waiting' })).toMatchObject({
      status: 409,
      code: 'case/ended',
    })
    expect(await refusal(mercy, 'POST', `/hospital/cases/${id}/notes`, { text: 'Too late.' })).toMatchObject({
      status: 409,
      code: 'case/ended',
    })
    expect((await look(mercy, id)).notes).toEqual([])
  })

  test('shows where it stood in the ranking before, and whether its score is another one since', async () => {
    const { cases } = stage.gateway
    const organisation = slugToOrganisationId('mercy')
    const [{ case: first }, { case: second }] = [await measure(stage, mercy, (await fresh()).case, ILL), await fresh()]
    const ranking = async (round: string, ranks: [string, number][]) => {
      await cases.waiting(organisation)
      await cases.keepRanks(organisation, { round, total: 40, ranks: new Map(ranks) })
    }
    const rankOf = async (id: string) => (await look(mercy, id)).rank
    await ranking('round-2', [[first, 3]])
    expect(await rankOf(first)).toMatchObject({ rank: 3, before: null, hasChanged: false })
    expect(await rankOf(second)).toBeNull()
    const again = [
      [first, 5],
      [second, 31],
    ] satisfies [string, number][]
    await ranking('round-3', again)
    expect(await rankOf(first)).toMatchObject({ rank: 5, before: 3 })
    expect(await rankOf(second)).toMatchObject({ rank: 31, before: null })
    // What a crash makes the rounds tell once more is no other ranking.
    await ranking('round-3', again)
    expect(await rankOf(first)).toMatchObject({ rank: 5, before: 3 })
    await measure(stage, mercy, second, ILL)
    expect(await rankOf(second)).toMatchObject({ hasChanged: true })
    expect(await rankOf(first)).toMatchObject({ hasChanged: false })
    const { ranking: last } = casesSchema.parse((await mercy.json('GET', '/hospital/cases?limit=1')).body)
    const { length } = await cases.waiting(organisation)
    expect(last).toEqual({ round: 'round-3', total: 40, rankedAtS: stage.gateway.clock.nowS(), changed: 1, unranked: length - 2 })
  })

  test('names its patient from the sealed record, for its own staff and in no other answer', async () => {
    const named = { name: 'Quillfeather Zanzibarova', birthDate: '1961-07-19' }
    const { items } = casesSchema.parse((await mercy.json('GET', '/hospital/cases?limit=2')).body)
    expect(items.map(({ patient }) => patient)).toEqual([named, named])
    const id = items[0]?.case ?? ''
    expect((await look(mercy, id)).patient).toEqual(named)
    expect(JSON.stringify(await change(mercy, id, 'notes', { text: 'Seen.' }))).not.toContain('Zanzibarova')
    expect(stage.log.join('')).not.toContain('Zanzibarova')
  })

  test('waits once for a specialty: the second opening names the first', async () => {
    const first = await openCase(stage, mercy, record, { specialty: 'gynaecology' })
    const wanted = { record, specialty: 'gynaecology', arrivedAtS: stage.gateway.clock.nowS() }
    expect(await refusal(mercy, 'POST', '/hospital/cases', wanted)).toMatchObject({
      status: 409,
      code: 'case/already-waiting',
      message: expect.stringContaining(first.case),
    })
  })

  test('the most urgent stand first, in pages', async () => {
    const page = async (query: string) => casesSchema.parse((await mercy.json('GET', `/hospital/cases?${query}`)).body)
    const whole = await page('limit=200')
    const scores = whole.items.map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((one, other) => other - one))
    const walked: string[] = []
    for (let after: string | null = ''; after !== null; ) {
      const { items, next } = await page(`limit=3${after === '' ? '' : `&after=${after}`}`)
      walked.push(...items.map(({ case: id }) => id))
      after = next
    }
    expect(walked).toEqual(whole.items.map(({ case: id }) => id))
    expect((await page('status=done')).items.map(({ status }) => status)).toEqual(['done'])
  })

  test('a record that cannot be opened leaves its case without a name, and the others with theirs', async () => {
    const broken = await keepRecord(mercy, 'mrn-broken')
    const { case: id } = await openCase(stage, mercy, broken)
    const damage = `UPDATE record_parts SET sealed = substring(sealed FROM 2) WHERE record = $1 AND part = 'summary'`
    await stage.gateway.database.inTenant('mercy', (tx) => tx.run(damage, [broken]))
    const { items } = casesSchema.parse((await mercy.json('GET', '/hospital/cases?limit=200')).body)
    expect(items.filter(({ patient }) => patient === null).map((one) => one.case)).toEqual([id])
  })
})

describe('another hospital', () => {
  test('sees no case, and cannot touch one', async () => {
    const { case: id } = await openCase(stage, mercy, record, { specialty: 'gastroenterology' })
    expect(casesSchema.parse((await stclare.json('GET', '/hospital/cases')).body)).toEqual({
      items: [],
      next: null,
      lost: [],
      ranking: null,
    })
    const tries: [string, string, unknown?][] = [
      ['GET', ''],
      ['POST', '/observations', { observations: vitals(ILL, stage.gateway.clock.nowS()) }],
      ['POST', '/notes', { text: 'Mottled.' }],
      ['POST', '/assessment', { oxygenScale: 2 }],
      ['POST', '/confirmation', { revision: 1 }],
      ['POST', '/override', { revision: 1, score: 3, reason: 'Because I say so.' }],
      ['POST', '/status', { status: 'done' }],
    ]
    for (const [method, path, body] of tries) {
      expect({ path, ...(await refusal(stclare, method, `/hospital/cases/${id}${path}`, body)) }).toMatchObject({
        path,
        status: 404,
        code: 'case/other-hospital',
      })
    }
    expect(await stage.gateway.cases.rankOf(slugToOrganisationId('stclare'), caseIdSchema.parse(id))).toBeUndefined()
    expect(await look(mercy, id)).toMatchObject({ revision: 1, status: 'waiting', notes: [], decisions: [] })
  })

  test('opens none of a record that it does not hold', async () => {
    const wanted = { record, specialty: 'urology', arrivedAtS: stage.gateway.clock.nowS() }
    expect(await refusal(stclare, 'POST', '/hospital/cases', wanted)).toMatchObject({ status: 404, code: 'record/other-hospital' })
  })

  test('neither patients nor researchers have cases', async () => {
    for (const label of [LABELS.patient, LABELS.research]) {
      expect(await refusal(await stage.signIn(label), 'GET', '/hospital/cases')).toMatchObject({ status: 403, code: 'auth/forbidden' })
    }
  })
})
