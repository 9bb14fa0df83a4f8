// That the generated types are true: every method of the real app is called by them, and every answer, failure and event is what they say.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AppMethod, appAnswers, appEventSchema, appFailureOf, callApp, isAppMethod } from '@medsync/context/app'
import type { ContextEvent } from '@medsync/context/engine'
import { expect, test } from 'vitest'
import { openEngine, temporaryFolder } from './engineStage.ts'

const WASM = join(import.meta.dirname, '..', '..', 'calimero-app', 'res', 'medsync.wasm')
const KEY = Buffer.alloc(32, 9).toString('base64')
const NEXT_CENTURY_S = 4_102_444_800

async function circle() {
  const engine = await openEngine({ folder: await temporaryFolder(), wasm: await readFile(WASM), members: ['mercy', 'lakeside'] })
  await engine.initialise('mercy', { admin_organisation: '0x1', kind: 'hospital' })
  const executor = engine.members.find(({ name }) => name === 'lakeside')?.executor ?? ''
  return { engine, lakeside: { executor, organisation: '0x2', kind: 'hospital', encryption_key_base64: KEY } }
}

test('every method answers what its type says, and every event is known', async () => {
  const { engine, lakeside } = await circle()
  const called = new Set<AppMethod>()
  const call: typeof callApp = async (...call) => {
    called.add(call[2])
    return await callApp(...call)
  }
  const stop = new AbortController()
  const told: ContextEvent[] = []
  const listening = (async () => {
    for await (const event of engine.events({ signal: stop.signal })) told.push(event)
  })()

  expect(await call(engine, 'mercy', 'admit_member', lakeside)).toBe(true)
  expect(await call(engine, 'mercy', 'members', {})).toHaveLength(2)
  expect((await call(engine, 'lakeside', 'whoami', {})).organisation).toBe('0x2')

  const [ours, theirs] = ['a1'.repeat(32), 'b2'.repeat(32)] as const
  const party = (label: string) => ({ label, sealed: KEY })
  const terms = { commitment: '0xab', patient_tag: 'tag', nonce: 'n', filed_at_s: 7 }
  expect(await call(engine, 'mercy', 'file_terms', { ...terms, parties: [party(ours)] })).toBe(true)
  expect(await call(engine, 'mercy', 'file_terms', { ...terms, parties: [party(ours), party(theirs)] })).toBe(true)
  const [filed] = await call(engine, 'lakeside', 'terms_by_commitment', { commitment: '0xab' })
  expect(filed?.parties).toEqual([party(ours), party(theirs)])
  expect((await call(engine, 'lakeside', 'terms_of_patient', { patient_tag: 'tag' })).entries).toEqual([filed])
  const listing = { commitment: '0xab', labels: [ours, theirs], filed_by: filed?.filed_by, sequence: filed?.sequence }
  expect((await call(engine, 'lakeside', 'filings', { limit: 1 })).entries).toEqual([listing])

  expect(await call(engine, 'mercy', 'put_catalogue_entry', { record: 'r1', patient: '0x7' })).toBe(true)
  expect((await call(engine, 'lakeside', 'catalogue_of', { patient: '0x7' })).entries).toHaveLength(1)
  expect((await call(engine, 'lakeside', 'catalogue_page', { after: null })).next).toBeNull()
  expect(await call(engine, 'mercy', 'remove_catalogue_entry', { record: 'r1' })).toBe(true)

  const opening = { id: 'r', kind: 'sum', parties: [lakeside.executor], deadline_s: NEXT_CENTURY_S, threshold: 1, parameters: '{}' }
  const round = await call(engine, 'mercy', 'open_round', opening)
  expect(await call(engine, 'lakeside', 'contribute', { round, step: 0, messages: [{ to: null, sealed: KEY }] })).toBe(true)
  expect(await call(engine, 'mercy', 'messages_for_me', { round, step: 0 })).toEqual([{ from: lakeside.executor, to: null, sealed: KEY }])
  expect(await call(engine, 'mercy', 'close_round', { id: round, result: '1' })).toBe(true)
  expect((await call(engine, 'lakeside', 'round', { id: round })).state).toBe('closed')
  const other = await call(engine, 'mercy', 'open_round', { ...opening, id: 'other' })
  expect(await call(engine, 'lakeside', 'abort_round', { id: other, reason: 'no' })).toBe(true)
  expect((await call(engine, 'lakeside', 'rounds', { state: 'aborted' })).entries).toHaveLength(1)

  const place = { space: 'scores', key: 'k' }
  expect(await call(engine, 'mercy', 'put_private', { ...place, value_base64: KEY })).toBeNull()
  expect(await call(engine, 'mercy', 'get_private', place)).toBe(KEY)
  expect((await call(engine, 'mercy', 'list_private', { space: 'scores' })).keys).toEqual(['k'])
  expect(await call(engine, 'mercy', 'remove_private', place)).toBe(true)
  expect(await call(engine, 'mercy', 'get_private', place)).toBeNull()
  expect(await call(engine, 'mercy', 'remove_member', { executor: lakeside.executor })).toBe(true)

  expect([...called].sort()).toEqual(Object.keys(appAnswers).filter(isAppMethod).sort())
  await expect.poll(() => told.at(-1)?.kind).toBe('MemberRemoved')
  stop.abort()
  await listening
  expect(told.map((event) => appEventSchema.parse(event).kind)).toEqual(told.map(({ kind }) => kind))
})

test('error: a refusal of the real app is read with its data', async () => {
  const { engine, lakeside } = await circle()
  await callApp(engine, 'mercy', 'admit_member', lakeside)
  const failures = [
    callApp(engine, 'lakeside', 'admit_member', lakeside),
    callApp(engine, 'lakeside', 'round', { id: `${lakeside.executor}.x` }),
    callApp(engine, 'lakeside', 'put_catalogue_entry', { record: 'r', patient: 'x' }),
  ].map(async (call) => appFailureOf(await call.catch((error: unknown) => error)))
  expect(await Promise.all(failures)).toEqual([
    { kind: 'NotTheKeeper' },
    { kind: 'UnknownRound', data: { round: `${lakeside.executor}.x` } },
    { kind: 'BadInput', data: { field: 'patient', expected: '0x and 1 to 64 hexadecimal digits' } },
  ])
})
