import { describe, expect, onTestFinished, test } from 'vitest'
import { caseFileSchema, fileKey } from '../../services/gateway/src/urgency/caseFile.ts'
import { until } from './access-play.ts'
import { smallBundle } from './records-bundles.ts'
import { ILL, vitals, WELL } from './urgency-play.ts'
import { CLINICIAN, MERCY, scoresOf, UrgencyStage } from './urgency-stage.ts'

const HOUR_S = 3_600

async function raise(): Promise<UrgencyStage> {
  const stage = await UrgencyStage.raise()
  onTestFinished(() => stage.stop())
  return stage
}

/** A record whose patient was just measured so. */
const measured = (stage: UrgencyStage, mrn: string, values: typeof WELL) =>
  stage.keep('mercy', smallBundle(mrn, vitals(values, stage.nowS)))

async function open(stage: UrgencyStage, mrn: string, values: typeof WELL) {
  const record = await measured(stage, mrn, values)
  return await stage.cases.create(MERCY, { record, specialty: 'emergency', arrivedAtS: stage.nowS }, CLINICIAN)
}

describe('a score is made again by itself', () => {
  test('when the record is uploaded again', async () => {
    const stage = await raise()
    const { case: id, record, score } = await open(stage, 'mrn-1', WELL)
    expect(score).toBe(0)
    stage.nowS += 60
    await measured(stage, 'mrn-1', ILL)
    stage.scoring.recordChanged(MERCY, record)
    const detail = await until(
      () => stage.cases.get(MERCY, id),
      ({ revision }) => revision === 2,
    )
    expect(detail).toMatchObject({ score: 69, history: [{ score: 0 }] })
    expect(stage.told.at(-1)).toContain(`{"type":"case.changed","case":"${id}"}`)
  })

  test('when time makes a measurement too old, and not a second before', async () => {
    const stage = await raise()
    await open(stage, 'mrn-1', WELL)
    stage.nowS += 12 * HOUR_S
    expect(await scoresOf(stage, MERCY)).toEqual([0])
    stage.nowS += 1
    expect(await scoresOf(stage, MERCY)).toEqual([25])
  })

  test('when what was dated in the future has come', async () => {
    const stage = await raise()
    const { case: id } = await open(stage, 'mrn-1', WELL)
    const [pulse] = vitals({ pulse: 140 }, stage.nowS + 400)
    await expect(stage.cases.addObservations(MERCY, id, [pulse], CLINICIAN)).rejects.toThrow(/pulse, in-future/)
    const record = await stage.keep('mercy', smallBundle('mrn-2', vitals({ ...WELL, pulse: 140 }, stage.nowS + 400)))
    await stage.cases.create(MERCY, { record, specialty: 'emergency', arrivedAtS: stage.nowS }, CLINICIAN)
    expect(await scoresOf(stage, MERCY)).toContain(25)
    stage.nowS += 120
    expect(await scoresOf(stage, MERCY)).toEqual(expect.arrayContaining([0, 30]))
  })

  test('at a start, after a note that was kept and not scored', async () => {
    const stage = await raise()
    const { case: id } = await open(stage, 'mrn-1', WELL)
    await stage.entries.append(MERCY, id, { kind: 'note', by: CLINICIAN, addedAtS: stage.nowS, text: 'Skin mottled to the knees.' })
    expect(await scoresOf(stage, MERCY)).toEqual([0])
    stage.start()
    expect(await scoresOf(stage, MERCY)).toEqual([10])
  })

  test('at a start, after a record that was uploaded meanwhile', async () => {
    const stage = await raise()
    await open(stage, 'mrn-1', WELL)
    stage.nowS += 60
    await measured(stage, 'mrn-1', ILL)
    stage.start()
    expect(await scoresOf(stage, MERCY)).toEqual([69])
  })

  test('at a start, when the rules are of another version: what was confirmed under the old ones no longer counts', async () => {
    const stage = await raise()
    const { case: id } = await open(stage, 'mrn-1', ILL)
    const file = await stage.vault.get(MERCY, 'scores', fileKey(id), caseFileSchema)
    if (file === undefined) throw new RangeError('error: the case has no file')
    const old = { ...file.urgency, version: 'news2-2012.9', score: 40, floor: 40 }
    const decision = {
      kind: 'confirmed',
      score: 40,
      reason: '',
      by: CLINICIAN,
      atS: stage.nowS,
      sawVersion: old.version,
      sawFloor: 40,
      sawScore: 40,
    } as const
    await stage.vault.put(MERCY, 'scores', fileKey(id), { ...file, urgency: old, decisions: [decision] })
    stage.start()
    expect(await scoresOf(stage, MERCY)).toEqual([69])
    expect(await stage.cases.get(MERCY, id)).toMatchObject({
      revision: 2,
      hasLapsed: true,
      decision: 'none',
      history: [{ version: 'news2-2012.9', score: 40 }],
    })
  })

  test('and not when nothing has changed: nothing is kept, nothing told', async () => {
    const stage = await raise()
    const { case: id } = await open(stage, 'mrn-1', WELL)
    const told = stage.told.length
    stage.start()
    stage.nowS += 30
    expect(await scoresOf(stage, MERCY)).toEqual([0])
    expect(stage.told).toHaveLength(told)
    expect(await stage.cases.get(MERCY, id)).toMatchObject({ revision: 1, scoredAtS: stage.nowS - 30 })
  })
})

describe('a process that dies', () => {
  test.each([false, true])(
    'at any step (after its effect: %s) loses nothing that was answered, and doubles no case',
    async (diesAfterEffect) => {
      const stage = await raise()
      const record = await stage.keep('mercy', smallBundle('mrn-1'))
      stage.diesAfterEffect = diesAfterEffect
      let isWhole = false
      let deaths = 0
      for (let steps = 1; !isWhole; steps += 1) {
        const specialty = `specialty-${steps}`
        const answered: string[] = []
        stage.start()
        await stage.cases.waiting(MERCY)
        stage.stepsLeft = steps
        isWhole = await play(stage, { record, specialty, answered }).then(
          () => true,
          () => false,
        )
        if (!isWhole) deaths += 1
        stage.start()
        const mine = (await stage.cases.list(MERCY, { limit: 200, after: undefined, status: undefined })).items.filter(
          (one) => one.specialty === specialty,
        )
        await stage.cases.waiting(MERCY)
        expect(mine.length).toBeLessThanOrEqual(1)
        expect(mine.length).toBeGreaterThanOrEqual(answered.includes('opened') ? 1 : 0)
        const [one] = mine
        if (one === undefined) continue
        const detail = await stage.cases.get(MERCY, one.case)
        if (answered.includes('observed')) expect(detail.missing).toEqual([])
        if (answered.includes('noted')) expect(detail.notes.length).toBe(1)
        if (answered.includes('confirmed')) expect(detail.decision).toBe('confirmed')
        if (answered.includes('allocated')) expect(detail.status).toBe('allocated')
        // What is there is what the score is made of, whether it was answered or not.
        expect(detail.computed).toBe(detail.notes.length > 0 ? 10 : detail.observations.length > 0 ? 0 : 25)
      }
      expect(deaths).toBeGreaterThan(20)
    },
  )

  test('between vault and database: opening it again names the case that is there', async () => {
    const stage = await raise()
    const record = await stage.keep('mercy', smallBundle('mrn-1'))
    const wanted = { record, specialty: 'emergency', arrivedAtS: stage.nowS }
    await stage.home.database.inTenant('mercy', (tx) => tx.script('ALTER TABLE cases ADD CONSTRAINT full_disk CHECK (created_at_s < 0)'))
    await expect(stage.cases.create(MERCY, wanted, CLINICIAN)).rejects.toThrow()
    await stage.home.database.inTenant('mercy', (tx) => tx.script('ALTER TABLE cases DROP CONSTRAINT full_disk'))
    await expect(stage.cases.create(MERCY, wanted, CLINICIAN)).rejects.toMatchObject({ code: 'case/already-waiting' })
    expect(await scoresOf(stage, MERCY)).toEqual([25])
  })

  test('cases of a vault that is gone are named, and can be ended', async () => {
    const stage = await raise()
    const { case: id, record } = await open(stage, 'mrn-1', WELL)
    const circle = await stage.shared.open()
    await circle.call('mercy', 'remove_private', { space: 'scores', key: fileKey(id) })
    stage.start()
    const all = { limit: 50, after: undefined, status: undefined }
    expect(await stage.cases.list(MERCY, all)).toEqual({ items: [], lost: [{ case: id, record }], ranking: null })
    await expect(stage.cases.get(MERCY, id)).rejects.toMatchObject({ code: 'case/lost' })
    await expect(stage.cases.setStatus(MERCY, id, 'waiting', CLINICIAN)).rejects.toMatchObject({ code: 'case/lost' })
    await stage.cases.setStatus(MERCY, id, 'done', CLINICIAN)
    expect(await stage.cases.list(MERCY, all)).toEqual({ items: [], lost: [], ranking: null })
  })

  test('a value that cannot be opened counts as lost, and keeps no other case from being seen', async () => {
    const stage = await raise()
    const { case: id, record } = await open(stage, 'mrn-1', WELL)
    const other = await open(stage, 'mrn-2', ILL)
    const circle = await stage.shared.open()
    for (const odd of ['bm90IHNlYWxlZA==', '']) {
      await circle.call('mercy', 'put_private', { space: 'scores', key: fileKey(id), value_base64: odd })
      stage.start()
      const { items, lost } = await stage.cases.list(MERCY, { limit: 50, after: undefined, status: undefined })
      expect({ items: items.map((one) => one.case), lost }).toEqual({ items: [other.case], lost: [{ case: id, record }] })
    }
    await stage.vault.put(MERCY, 'scores', fileKey(id), { of: 'another shape' })
    await stage.vault.put(MERCY, 'scores', 'ranks', { of: 'another shape' })
    stage.start()
    expect(await scoresOf(stage, MERCY)).toEqual([69])
    expect(stage.log.join('')).toContain('case.damaged')
  })

  test('a vault that cannot be reached refuses everything, and goes on where it was', async () => {
    const stage = await raise()
    const { case: id, record } = await open(stage, 'mrn-1', WELL)
    stage.shared.isAway = true
    stage.start()
    await expect(stage.cases.waiting(MERCY)).rejects.toMatchObject({ code: 'context/unreachable' })
    await expect(stage.cases.addNote(MERCY, id, 'Mottled.', CLINICIAN)).rejects.toMatchObject({ code: 'context/unreachable' })
    const wanted = { record, specialty: 'urology', arrivedAtS: stage.nowS }
    await expect(stage.cases.create(MERCY, wanted, CLINICIAN)).rejects.toMatchObject({ code: 'context/unreachable' })
    stage.shared.isAway = false
    expect(await scoresOf(stage, MERCY)).toEqual([0])
    expect((await stage.cases.get(MERCY, id)).notes).toEqual([])
  })
})

/** Opens, observes, notes, confirms and allocates one case; says what was answered. */
async function play(
  stage: UrgencyStage,
  { record, specialty, answered }: { record: Awaited<ReturnType<UrgencyStage['keep']>>; specialty: string; answered: string[] },
): Promise<void> {
  const { case: id } = await stage.cases.create(MERCY, { record, specialty, arrivedAtS: stage.nowS }, CLINICIAN)
  answered.push('opened')
  await stage.cases.addObservations(MERCY, id, vitals(WELL, stage.nowS), CLINICIAN)
  answered.push('observed')
  const { revision } = await stage.cases.addNote(MERCY, id, 'Skin mottled to the knees.', CLINICIAN)
  answered.push('noted')
  await stage.cases.confirm(MERCY, id, revision, CLINICIAN)
  answered.push('confirmed')
  await stage.cases.setStatus(MERCY, id, 'allocated', CLINICIAN)
  answered.push('allocated')
}
