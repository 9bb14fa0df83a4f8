// The app of MedSync itself on the embedded engine: what it is asked wrongly, and what must stay with its owner.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedEngine, type EngineLogLine, openEmbeddedEngine } from '@medsync/context/embedded'
import type { ContextEvent } from '@medsync/context/engine'
import { beforeAll, expect, test } from 'vitest'
import { compileApp } from '../../packages/context/src/embedded/compileApp.ts'
import { Keyspace } from '../../packages/context/src/embedded/store/keyspace.ts'
import { Transaction } from '../../packages/context/src/embedded/store/transaction.ts'
import { GuestClock } from '../../packages/context/src/embedded/wasm/guestClock.ts'
import { MethodRunner } from '../../packages/context/src/embedded/wasm/methodRunner.ts'
import { failureOf, openEngine, temporaryFolder } from './engineStage.ts'
import { engineSuite, HOSPITALS } from './engineSuite.ts'

const WASM = join(import.meta.dirname, '..', '..', 'calimero-app', 'res', 'medsync.wasm')
const KEY = Buffer.alloc(32, 9).toString('base64')
const PATIENT = '0x7a11'
const RECORD = '3f1c2d1e-8f59-4d3a-9d35-1f6f7e0c0001'

let wasm: Uint8Array
beforeAll(async () => {
  wasm = await readFile(WASM)
})

/** A circle of two hospitals; the third has an engine's identity and was not admitted. */
async function circle(): Promise<{ engine: EmbeddedEngine & { readonly lines: unknown[] }; folder: string }> {
  const folder = await temporaryFolder()
  const engine = await openEngine({ folder, wasm, members: Object.keys(HOSPITALS) })
  await engine.initialise('mercy', { admin_organisation: HOSPITALS.mercy, kind: 'hospital' })
  const executor = engine.members.find(({ name }) => name === 'lakeside')?.executor
  await engine.call('mercy', 'admit_member', { executor, organisation: HOSPITALS.lakeside, kind: 'hospital', encryption_key_base64: KEY })
  await engine.call('mercy', 'put_catalogue_entry', { record: RECORD, patient: PATIENT })
  return { engine, folder }
}

async function catalogue(engine: EmbeddedEngine): Promise<unknown> {
  return await engine.call('lakeside', 'catalogue_of', { patient: PATIENT, after: null, limit: null })
}

engineSuite('the embedded engine', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medsync-circle-'))
  const lines: EngineLogLine[] = []
  const engine = await openEmbeddedEngine({
    folder,
    wasm: await readFile(WASM),
    members: Object.keys(HOSPITALS),
    onLog: (line) => lines.push(line),
  })
  await engine.initialise('mercy', { admin_organisation: HOSPITALS.mercy, kind: 'hospital' })
  return {
    engine,
    said: () => JSON.stringify(lines),
    close: async () => {
      await engine.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
})

test('bad input is told by the field and the kind of what was given', async () => {
  const { engine } = await circle()
  const said: [args: Record<string, unknown>, reason: string][] = [
    [{ record: 5_550_101, patient: PATIENT }, 'invalid type: integer, expected a string'],
    [{ record: RECORD, patient: ['marked'] }, 'invalid type: sequence, expected a string'],
    [{ record: RECORD }, 'missing field "patient"'],
    [{ record: RECORD, patient: PATIENT, marked: 1 }, 'unknown field, known are "record" or "patient"'],
  ]
  for (const [args, reason] of said) {
    expect(await failureOf(engine.call('mercy', 'put_catalogue_entry', args))).toBe(
      `ArgumentError: The arguments do not fit the method. (put_catalogue_entry: ${reason}) Compare them with the ABI; nothing was changed.`,
    )
  }
})

test('error: a circle that was not initialised says so to every method', async () => {
  const engine = await openEngine({ folder: await temporaryFolder(), wasm })
  for (const method of ['whoami', 'members']) expect(await failureOf(engine.call('mercy', method, {}))).toContain('NotInitialisedError')
})

test('what a hospital keeps in private is in its own folder and nowhere else: not in the shared files, the others’, events or logs', async () => {
  const { engine, folder } = await circle()
  const events = engine.events()
  for (const member of ['mercy', 'lakeside']) {
    for (const space of ['records', 'observations', 'scores', 'shares']) {
      const value_base64 = Buffer.from(plantedValue(member, space)).toString('base64')
      await engine.call(member, 'put_private', { space, key: plantedKey(member, space), value_base64 })
      expect(await engine.call(member, 'get_private', { space, key: plantedKey(member, space) })).toBe(value_base64)
      const other = member === 'mercy' ? 'lakeside' : 'mercy'
      expect(await engine.call(other, 'get_private', { space, key: plantedKey(member, space) })).toBeNull()
      expect(JSON.stringify(await engine.call(other, 'list_private', { space, after: null, limit: 100 }))).not.toContain(
        plantedKey(member, space),
      )
    }
  }
  await engine.call('lakeside', 'put_catalogue_entry', { record: RECORD, patient: PATIENT })
  await engine.close()
  const told: ContextEvent[] = []
  for await (const event of events) told.push(event)
  expect(told).toHaveLength(1)
  expect(JSON.stringify([told, engine.lines])).not.toMatch(/planted/)
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of names.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const content = await readFile(path)
    const found = ['mercy', 'lakeside'].filter((member) => isIn(content, `planted-${member}`))
    const owner = /members\/(\w+)\/journal/.exec(path)?.[1]
    expect(found, path).toEqual(owner === 'mercy' || owner === 'lakeside' ? [owner] : [])
  }
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
  for (const space of ['records', 'observations', 'scores', 'shares']) {
    const value_base64 = Buffer.from(plantedValue('mercy', space)).toString('base64')
    const { artifact, events } = run('put_private', { space, key: plantedKey('mercy', space), value_base64 })
    expect(artifact).not.toBe('')
    expect(isIn(Buffer.from(artifact, 'latin1'), `planted-mercy-${space}`)).toBe(false)
    expect(events).toEqual([])
  }
  const values = [...own.plain.values()].join('')
  for (const space of ['records', 'observations', 'scores', 'shares']) expect(values).toContain(plantedValue('mercy', space))
})

test('what was confirmed is there after the engine was opened again', async () => {
  const { engine, folder } = await circle()
  const before = await catalogue(engine)
  await engine.call('mercy', 'put_private', { space: 'scores', key: 'k', value_base64: KEY })
  await engine.close()
  const again = await openEngine({ folder, wasm, members: [] })
  expect(await catalogue(again)).toEqual(before)
  expect(await again.call('mercy', 'get_private', { space: 'scores', key: 'k' })).toBe(KEY)
})

function plantedValue(member: string, space: string): string {
  return `planted-${member}-${space}-value `.repeat(3)
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
