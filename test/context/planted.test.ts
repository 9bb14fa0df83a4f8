// Values planted in a private store are looked for everywhere else: stores, shared state, deltas, events, log lines, errors, files.
import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { EmbeddedEngine } from '@medsync/context/embedded'
import type { ContextEvent } from '@medsync/context/engine'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileApp } from '../../packages/context/src/embedded/compileApp.ts'
import { Keyspace } from '../../packages/context/src/embedded/store/keyspace.ts'
import { Transaction } from '../../packages/context/src/embedded/store/transaction.ts'
import { GuestClock } from '../../packages/context/src/embedded/wasm/guestClock.ts'
import { MethodRunner } from '../../packages/context/src/embedded/wasm/methodRunner.ts'
import { openEngine, temporaryFolder } from './engineStage.ts'
import { HOSPITALS } from './engineSuite.ts'

const WASM = join(import.meta.dirname, '..', '..', 'calimero-app', 'res', 'medsync.wasm')
const SPACES = ['records', 'observations', 'scores', 'shares']
const PATIENT = '0x7a11'
const RECORD = '3f1c2d1e-8f59-4d3a-9d35-1f6f7e0c0001'
const KEY = Buffer.alloc(32, 9).toString('base64')

let wasm: Uint8Array
beforeAll(async () => {
  wasm = await readFile(WASM)
})

describe.each([
  { name: 'plain', storeKey: undefined },
  { name: 'sealed', storeKey: randomBytes(32) },
])('in a $name folder', ({ storeKey }) => {
  async function circle() {
    const folder = await temporaryFolder()
    const options = { folder, wasm, members: Object.keys(HOSPITALS), ...(storeKey === undefined ? {} : { storeKey }) }
    const engine = await openEngine(options)
    await engine.initialise('mercy', { admin_organisation: HOSPITALS.mercy, kind: 'hospital' })
    const executor = engine.members.find(({ name }) => name === 'lakeside')?.executor
    await engine.call('mercy', 'admit_member', { executor, organisation: HOSPITALS.lakeside, kind: 'hospital', encryption_key_base64: KEY })
    return { engine, folder, options }
  }

  test('what a hospital keeps in private is in no other store, no shared answer, event, log line or error, and in no file of others', async () => {
    const { engine, folder, options } = await circle()
    const events = engine.events()
    for (const member of ['mercy', 'lakeside']) await plant(engine, member)
    expect(await sharedAnswers(engine)).not.toMatch(/planted/)
    await engine.call('lakeside', 'put_catalogue_entry', { record: RECORD, patient: PATIENT })
    const failures = await failuresOver(engine)
    expect(failures).toHaveLength(5)
    expect(failures.join('\n')).not.toMatch(/planted/)
    await engine.close()
    const told: ContextEvent[] = []
    for await (const event of events) told.push(event)
    expect(told).toHaveLength(1)
    expect(JSON.stringify([told, engine.lines])).not.toMatch(/planted/)
    await expectOwnFilesOnly(folder, storeKey !== undefined)
    const again = await openEngine(options)
    for (const member of ['mercy', 'lakeside']) await expectPlanted(again, member)
  })

  test('nothing of the shared state either is in a file by its name, when the folder is sealed', async () => {
    const { engine, folder } = await circle()
    await engine.call('mercy', 'put_catalogue_entry', { record: 'planted-record', patient: PATIENT })
    await engine.close()
    const shown = await filesWith(folder, 'planted-record')
    expect(shown.length > 0).toBe(storeKey === undefined)
  })
})

test('what a hospital keeps in private is not in the delta that a node would send to the others', async () => {
  const app = await compileApp(wasm)
  const runner = new MethodRunner(app)
  const [shared, own, clock] = [new Keyspace(), new Keyspace(), new GuestClock(0n)]
  const run = (method: string, args: Record<string, unknown>) =>
    runner.run({
      method,
      input: JSON.stringify(args),
      contextId: 'c'.repeat(32),
      executorId: 'e'.repeat(32),
      shared: new Transaction(shared),
      private: new Transaction(own),
      clock,
    })
  run('init', { admin_organisation: HOSPITALS.mercy, kind: 'hospital' })
  expect(run('put_catalogue_entry', { record: 'planted-mercy', patient: PATIENT }).artifact).toContain('planted-mercy')
  for (const space of SPACES) {
    const { artifact, events } = run('put_private', { space, key: plantedKey('mercy', space), value_base64: plantedValue('mercy', space) })
    expect(artifact).not.toBe('')
    expect(isIn(Buffer.from(artifact, 'latin1'), `planted-mercy-${space}`)).toBe(false)
    expect(events).toEqual([])
  }
  const values = [...own.plain.values()].join('')
  for (const space of SPACES) expect(values).toContain(`planted-mercy-${space}-value`)
  expect([...shared.plain].flat().join('')).not.toContain('planted-mercy-records')
})

async function plant(engine: EmbeddedEngine, member: string): Promise<void> {
  for (const space of SPACES) {
    await engine.call(member, 'put_private', { space, key: plantedKey(member, space), value_base64: plantedValue(member, space) })
  }
  await expectPlanted(engine, member)
}

/** The member has it, the others have neither the value nor the name of it. */
async function expectPlanted(engine: EmbeddedEngine, member: string): Promise<void> {
  for (const space of SPACES) {
    const key = plantedKey(member, space)
    expect(await engine.call(member, 'get_private', { space, key })).toBe(plantedValue(member, space))
    for (const other of Object.keys(HOSPITALS).filter((name) => name !== member)) {
      expect(await engine.call(other, 'get_private', { space, key })).toBeNull()
      expect(JSON.stringify(await engine.call(other, 'list_private', { space, after: null, limit: 100 }))).not.toContain(key)
    }
  }
}

/** All that lakeside can read of the shared state, as text. */
async function sharedAnswers(engine: EmbeddedEngine): Promise<string> {
  const answers = [
    await engine.call('lakeside', 'members', {}),
    await engine.call('lakeside', 'whoami', {}),
    await engine.call('lakeside', 'catalogue_page', { after: null, limit: 200 }),
    await engine.call('lakeside', 'catalogue_of', { patient: PATIENT, after: null, limit: 200 }),
    await engine.call('lakeside', 'terms_of_patient', { patient_tag: PATIENT, after: null, limit: 200 }),
    await engine.call('lakeside', 'filings', { after: null, limit: 200 }),
    await engine.call('lakeside', 'rounds', { state: null, after: null, limit: 200 }),
  ]
  return JSON.stringify(answers)
}

/** Calls that fail with private contents in hand: refused by the app, wrong in their arguments, over a limit. */
async function failuresOver(engine: EmbeddedEngine): Promise<string[]> {
  const value_base64 = plantedValue('mercy', 'records')
  const calls: [method: string, args: Record<string, unknown>][] = [
    ['put_private', { space: 'planted-space', key: 'k', value_base64 }],
    ['put_private', { space: 'records', key: 'k', value_base64: 'planted, no base64' }],
    ['put_private', { space: 'records', key: 'k', value_base64: Buffer.alloc(1_048_577, 'planted ').toString('base64') }],
    ['put_private', { space: 'records', key: 'k', value_base64, planted: 'planted' }],
    ['put_private', { space: 'records', key: ['planted-key'], value_base64 }],
  ]
  const failures: string[] = []
  for (const [method, args] of calls) {
    await engine.call('mercy', method, args).catch((cause: unknown) => failures.push(inspect(cause, { depth: 9, showHidden: true })))
  }
  return failures
}

async function expectOwnFilesOnly(folder: string, isSealed: boolean): Promise<void> {
  for (const member of ['mercy', 'lakeside']) {
    const found = await filesWith(folder, `planted-${member}`)
    expect(found).toEqual(isSealed ? [] : [join('members', member, 'journal-1')])
  }
}

/** Files that hold the text, whatever their encoding. */
async function filesWith(folder: string, marked: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    if (isIn(await readFile(path), marked)) found.push(path.slice(folder.length + 1))
  }
  return found
}

function plantedValue(member: string, space: string): string {
  return Buffer.from(`planted-${member}-${space}-value `.repeat(3)).toString('base64')
}

function plantedKey(member: string, space: string): string {
  return `planted-${member}-${space}-key`
}

/** Looked for as it is, and in the encodings that the app or the engine might use. */
function isIn(content: Buffer, marked: string): boolean {
  const plain = Buffer.from(marked)
  const forms = [plain, Buffer.from(plain.toString('hex')), Buffer.from(marked, 'utf16le')]
  for (let shift = 0; shift < 3; shift += 1) {
    const shifted = Buffer.concat([Buffer.alloc(shift), plain])
      .toString('base64')
      .replaceAll('=', '')
    forms.push(Buffer.from(shifted.slice(shift === 0 ? 0 : 4, -2)))
  }
  return forms.some((form) => content.includes(form))
}
