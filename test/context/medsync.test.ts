// The app of MedSync itself on the embedded engine: what it is asked wrongly, and what must stay with its owner.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EmbeddedEngine } from '@medsync/context/embedded'
import type { ContextEvent } from '@medsync/context/engine'
import { beforeAll, expect, test } from 'vitest'
import { compileApp } from '../../packages/context/src/embedded/compileApp.ts'
import { Keyspace } from '../../packages/context/src/embedded/store/keyspace.ts'
import { Transaction } from '../../packages/context/src/embedded/store/transaction.ts'
import { GuestClock } from '../../packages/context/src/embedded/wasm/guestClock.ts'
import { MethodRunner } from '../../packages/context/src/embedded/wasm/methodRunner.ts'
import { failureOf, openEngine, temporaryFolder } from './engineStage.ts'

const HOSPITALS = { mercy: '0x1', lakeside: '0x2', stclare: '0x3' }
const KEY = Buffer.alloc(32, 9).toString('base64')
const PATIENT = '0x7a11'
const RECORD = '3f1c2d1e-8f59-4d3a-9d35-1f6f7e0c0001'

let wasm: Uint8Array
beforeAll(async () => {
  wasm = await readFile(join(import.meta.dirname, '..', '..', 'calimero-app', 'res', 'medsync.wasm'))
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

test('a record that one hospital lists, the other finds', async () => {
  const { engine } = await circle()
  expect(await catalogue(engine)).toMatchObject({ entries: [{ record: RECORD, patient: PATIENT, held_by: engine.members[1]?.executor }] })
})

const bad: [what: string, member: string, method: string, args: Record<string, unknown>, failure: string][] = [
  [
    'a number for a text',
    'mercy',
    'put_catalogue_entry',
    { record: 5_550_101, patient: PATIENT },
    'ArgumentError: The arguments do not fit the method. (put_catalogue_entry: invalid type: integer, expected a string) Compare',
  ],
  [
    'a text for a number',
    'mercy',
    'catalogue_page',
    { after: null, limit: 'marked' },
    '(catalogue_page: invalid type: string, expected u32)',
  ],
  ['an argument too few', 'mercy', 'put_catalogue_entry', { record: RECORD }, '(put_catalogue_entry: missing field "patient")'],
  [
    'an argument too many',
    'mercy',
    'put_catalogue_entry',
    { record: RECORD, patient: PATIENT, marked: 1 },
    '(put_catalogue_entry: unknown field, known are "record" or "patient")',
  ],
  ['arguments where there are none', 'mercy', 'whoami', { marked: 1 }, '(whoami: the method takes none)'],
  ['a malformed patient', 'mercy', 'put_catalogue_entry', { record: RECORD, patient: 'marked' }, '(put_catalogue_entry: BadInput)'],
  [
    'somebody who was not admitted',
    'stclare',
    'put_catalogue_entry',
    { record: RECORD, patient: PATIENT },
    '(put_catalogue_entry: NotAMember)',
  ],
  [
    'admission by somebody who is not the keeper',
    'lakeside',
    'admit_member',
    { executor: '5'.repeat(64), organisation: '0x9', kind: 'hospital', encryption_key_base64: KEY },
    '(admit_member: NotTheKeeper)',
  ],
  [
    'a private value above 1 MiB',
    'mercy',
    'put_private',
    { space: 'records', key: 'k', value_base64: Buffer.alloc(1_048_577).toString('base64') },
    '(put_private: TooLarge)',
  ],
  [
    'a private value above what a node takes as one request',
    'mercy',
    'put_private',
    { space: 'records', key: 'k', value_base64: Buffer.alloc(2_097_152).toString('base64') },
    'LimitError: The call went over a limit. (put_private: arguments, at most 2097152)',
  ],
]

test.each(bad)(
  'error: %s is refused with its reason, without its value, and changes nothing',
  async (_what, member, method, args, failure) => {
    const { engine } = await circle()
    const before = await catalogue(engine)
    const said = await failureOf(engine.call(member, method, args))
    expect(said).toContain(failure)
    expect(`${said} ${JSON.stringify(engine.lines)}`).not.toMatch(/marked|5550101/)
    expect(await catalogue(engine)).toEqual(before)
  },
)

test('error: a circle that was not initialised says so to every method', async () => {
  const engine = await openEngine({ folder: await temporaryFolder(), wasm })
  for (const method of ['whoami', 'members']) expect(await failureOf(engine.call('mercy', method, {}))).toContain('NotInitialisedError')
})

test('error: terms that contradict earlier ones are refused, and the earlier ones stay', async () => {
  const { engine } = await circle()
  const terms = {
    commitment: '0x51',
    patient_tag: 'tag',
    parties: [{ organisation: '0x9', sealed: KEY }],
    nonce: KEY,
    replaces: null,
    filed_at_s: 1_000,
  }
  expect(await engine.call('mercy', 'file_terms', terms)).toBe(true)
  expect(await engine.call('mercy', 'file_terms', terms)).toBe(false)
  const filed = await engine.call('lakeside', 'terms_by_commitment', { commitment: '0x51' })
  await expect(engine.call('mercy', 'file_terms', { ...terms, patient_tag: 'another' })).rejects.toMatchObject({ kind: 'TermsConflict' })
  expect(await engine.call('lakeside', 'terms_by_commitment', { commitment: '0x51' })).toEqual(filed)
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
