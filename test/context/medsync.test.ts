// The app of MedSync itself on the embedded engine: what it answers, and what it is asked wrongly.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedEngine, type EngineLogLine, openEmbeddedEngine } from '@medsync/context/embedded'
import { beforeAll, expect, test } from 'vitest'
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

engineSuite('the embedded engine, sealed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medsync-circle-'))
  const lines: EngineLogLine[] = []
  const engine = await openEmbeddedEngine({
    folder,
    wasm: await readFile(WASM),
    storeKey: Buffer.alloc(32, 7),
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

test('what was confirmed is there after the engine was opened again', async () => {
  const { engine, folder } = await circle()
  const before = await catalogue(engine)
  await engine.call('mercy', 'put_private', { space: 'scores', key: 'k', value_base64: KEY })
  await engine.close()
  const again = await openEngine({ folder, wasm, members: [] })
  expect(await catalogue(again)).toEqual(before)
  expect(await again.call('mercy', 'get_private', { space: 'scores', key: 'k' })).toBe(KEY)
})
