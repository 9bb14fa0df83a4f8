// Values planted in a case are looked for wherever they must not be.
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { slugToOrganisationId } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { caseFileSchema } from '../../services/gateway/src/urgency/caseFile.ts'
import { until } from './access-play.ts'
import { type Client, LABELS, type RecordsStage, raiseRecords } from './records-stage.ts'
import { change, keepRecord, look, openCase, vitals } from './urgency-play.ts'
import { CLINICIAN, MERCY, UrgencyStage } from './urgency-stage.ts'

/** Letters that no hash, key or date can hold by chance. */
const MARK = 'Xw9Qz7Kv'
const NOTE = `Skin mottled ${MARK} to the knees`
/** Written in no other place than in a vital sign, a score and a specialty. */
const VITALS = { rate: 27.3125, systolic: 81.6875, temperature: 38.8125 }
const VALUES = ['27.3125', '81.6875', '38.8125']
const SPECIALTY = 'planted-specialty-xw9'
const SCORE = 93
const marks = [MARK, MARK.toLowerCase(), ...VALUES, SPECIALTY, 'mottled', `"score":${SCORE}`, `:${SCORE},`].flatMap(disguises)

let stage: RecordsStage
let mercy: Client
let id: string
const heard = new Map<string, string>()
const stopping = new AbortController()

beforeAll(async () => {
  stage = await raiseRecords()
  mercy = await stage.signIn(LABELS.mercy)
  for (const label of [LABELS.mercy, LABELS.stclare, LABELS.patient, LABELS.research]) await listen(label)
  const record = await keepRecord(mercy, 'mrn-planted')
  id = (await openCase(stage, mercy, record, { specialty: SPECIALTY })).case
  const note = [{ text: `Measured ${MARK}` }]
  const observations = vitals(VITALS, stage.gateway.clock.nowS()).map((one) => ({ ...one, note }))
  await change(mercy, id, 'observations', { observations })
  const { revision } = await change(mercy, id, 'notes', { text: NOTE })
  await change(mercy, id, 'override', { revision, score: SCORE, reason: `Because ${MARK} says so.` })
  await stage.gateway.cases.keepRanks(slugToOrganisationId('mercy'), { round: 'round-1', total: 9, ranks: new Map([[id, 2]]) })
  // Refusals are written to the log, too.
  const { status } = await mercy.json('POST', `/hospital/cases/${id}/override`, { revision: 1, score: SCORE, reason: MARK })
  expect(status).toBe(409)
  await until(
    async () => heard.get(LABELS.mercy) ?? '',
    (text) => text.split('case.changed').length > 4,
  )
})
afterAll(async () => {
  stopping.abort()
  await stage?.stop()
})

async function listen(label: string): Promise<void> {
  const client = await stage.signIn(label)
  const answer = await client.send('/events', { signal: stopping.signal })
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) heard.set(label, (heard.get(label) ?? '') + decoder.decode(chunk, { stream: true }))
  }
  read().catch((failure: unknown) => {
    if (!stopping.signal.aborted) throw failure
  })
}

/** A word as it would look in letters, hex, and base64 at each of the three offsets. */
function disguises(word: string): string[] {
  const bytes = Buffer.from(word)
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4),
  )
  return [word, ...(word.length > 5 ? [bytes.toString('hex')] : []), ...base64.filter((text) => text.length >= 6)]
}

function found(text: string): string[] {
  return marks.filter((mark) => text.includes(mark))
}

describe('of what a hospital knows about a case, nothing stands', () => {
  test('anywhere but with the hospital itself, which sees all of it', async () => {
    const own = JSON.stringify(await look(mercy, id))
    for (const mark of [MARK, ...VALUES, SPECIALTY, `"score":${SCORE}`]) expect(own).toContain(mark)
  })

  test('in the database, in no column of no table', async () => {
    const rows = await stage.everyRow()
    expect(rows.filter((row) => row.startsWith('t_mercy.cases'))).toHaveLength(1)
    expect(found(rows.join('\n'))).toEqual([])
    // Where a case stands is nobody’s either.
    expect(rows.filter((row) => row.startsWith('t_mercy.cases')).join('')).not.toMatch(/waiting|allocated/)
  })

  test('in a file of the gateway', async () => {
    const folder = dirname(stage.gateway.env.MASTER_KEY_FILE)
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(10)
    for (const { parentPath, name } of files) {
      const text = (await readFile(join(parentPath, name))).toString('latin1')
      expect({ name, found: [MARK, ...VALUES, SPECIALTY].filter((mark) => text.includes(mark)) }).toEqual({ name, found: [] })
    }
  })

  test('in a log', () => {
    expect(stage.log.join('')).toContain(id)
    expect(found(stage.log.join(''))).toEqual([])
  })

  test('in a live event: the hospital hears which case, the others hear nothing', () => {
    expect(heard.get(LABELS.mercy)).toContain(`{"type":"case.changed","case":"${id}"}`)
    expect(heard.get(LABELS.mercy)).toContain('{"type":"case.ranked","round":"round-1"}')
    expect(found([...heard.values()].join(''))).toEqual([])
    for (const label of [LABELS.stclare, LABELS.patient, LABELS.research]) expect(heard.get(label)).not.toContain('case')
  })

  test('in the shared state of the circle, or in the vault of another hospital', async () => {
    const { circle } = stage.gateway
    const stclare = circle.seatOf(slugToOrganisationId('stclare'))
    const shared = await Promise.all([
      circle.call(stclare, 'members', {}),
      circle.call(stclare, 'rounds', {}),
      circle.call(stclare, 'filings', {}),
      circle.call(stclare, 'catalogue_page', {}),
    ])
    expect(found(JSON.stringify(shared))).toEqual([])
    expect(JSON.stringify(shared)).not.toContain(id)
    for (const seat of circle.seats.filter(({ name }) => name !== 'mercy')) {
      for (const space of ['records', 'observations', 'scores', 'shares']) {
        expect(await circle.call(seat, 'list_private', { space })).toMatchObject({ keys: [] })
        expect(await circle.call(seat, 'get_private', { space, key: `case/${id}` })).toBeNull()
      }
    }
  })

  test('in an address: ids stand there, and no contents', () => {
    const urls = stage.log.flatMap((line) => /"(?:url|path|route)":"([^"]*)"/.exec(line)?.[1] ?? [])
    expect(found(urls.join('\n'))).toEqual([])
  })
})

describe('in the vault itself', () => {
  test('values are sealed under the hospital’s key: the node’s files, or another hospital’s key, say nothing', async () => {
    const plain = await UrgencyStage.raise()
    try {
      const record = await plain.keep('mercy', { resourceType: 'Bundle', type: 'collection', entry: patientOnly() })
      const { case: caseId } = await plain.cases.create(MERCY, { record, specialty: SPECIALTY, arrivedAtS: plain.nowS }, CLINICIAN)
      await plain.cases.addNote(MERCY, caseId, NOTE, CLINICIAN)
      const names = (await readdir(plain.shared.folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
      const text = (await Promise.all(names.map(({ parentPath, name }) => readFile(join(parentPath, name)))))
        .map((file) => file.toString('latin1'))
        .join('')
      // The folder is not sealed: the keys of values stand there, so the values would, too.
      expect(text).toContain(`case/${caseId}`)
      expect([MARK, SPECIALTY, 'mottled', 'news2'].filter((mark) => text.includes(mark))).toEqual([])
      const engine = await plain.shared.open()
      const value = await engine.call('mercy', 'get_private', { space: 'scores', key: `case/${caseId}` })
      await engine.call('stclare', 'put_private', { space: 'scores', key: `case/${caseId}`, value_base64: value })
      const { vault } = plain
      await expect(vault.get(slugToOrganisationId('stclare'), 'scores', `case/${caseId}`, caseFileSchema)).rejects.toMatchObject({
        code: 'record/damaged',
      })
      await engine.call('mercy', 'put_private', { space: 'scores', key: 'case/another', value_base64: value })
      await expect(vault.get(MERCY, 'scores', 'case/another', caseFileSchema)).rejects.toMatchObject({ code: 'record/damaged' })
    } finally {
      await plain.stop()
    }
  })
})

function patientOnly() {
  const resource = { resourceType: 'Patient', id: 'p', identifier: [{ value: 'mrn-plain' }], birthDate: '1961-07-19' }
  return [{ fullUrl: 'urn:uuid:p', resource }]
}
