import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { StoreKeyError } from '@medsync/context/engine'
import { expect, test } from 'vitest'
import { failureOf, openEngine, temporaryFolder } from './engineStage.ts'

const storeKey = randomBytes(32)
const WHAT = 'StorageError: The files of the engine are not what it wrote.'
const HINT =
  'If there is a store key, see first whether it is the right one. Else put back a copy of the whole folder; the files were not touched.'

test('with a store key everything is there again after a restart, and after a worker that was ended', async () => {
  const folder = await temporaryFolder()
  const engine = await openEngine({ folder, storeKey, timeLimitMs: 300 })
  await engine.initialise('mercy', {})
  await engine.call('mercy', 'put_both', { n: 'planted-value' })
  expect(await failureOf(engine.call('mercy', 'put_then_loop', { n: 2 }))).toContain('TimeoutError')
  expect(await engine.call('lakeside', 'get', {})).toEqual({ n: 'planted-value' })
  const { members } = engine
  await engine.close()
  const again = await openEngine({ folder, storeKey })
  expect(again.members).toEqual(members)
  expect(await again.call('mercy', 'get_private', {})).toEqual({ n: 'planted-value' })
  expect(await contentsOf(folder)).not.toMatch(/planted|privateKey/)
  expect([...engine.lines, ...again.lines].map(({ event }) => event)).not.toContain('sealed')
})

test('error: without its key, or with another, a sealed folder does not open, says so, and opens with its key afterwards', async () => {
  const folder = await temporaryFolder()
  const engine = await openEngine({ folder, storeKey })
  await engine.initialise('mercy', {})
  await engine.call('mercy', 'put', { n: 1 })
  await engine.close()
  expect(await failureOf(openEngine({ folder }))).toBe(`${WHAT} (they are sealed, and no store key was given) ${HINT}`)
  expect(await failureOf(openEngine({ folder, storeKey: randomBytes(32) }))).toBe(
    `${WHAT} (they are sealed with another store key) ${HINT}`,
  )
  expect(await (await openEngine({ folder, storeKey })).call('mercy', 'get', {})).toEqual({ n: 1 })
})

test('a plain folder is sealed as soon as it is opened with a key, and the log says so', async () => {
  const folder = await temporaryFolder()
  const engine = await openEngine({ folder })
  await engine.initialise('mercy', {})
  await engine.call('mercy', 'put_both', { n: 'planted-value' })
  await engine.close()
  expect(await contentsOf(folder)).toMatch(/planted/)
  const sealed = await openEngine({ folder, storeKey })
  expect(await contentsOf(folder)).not.toMatch(/planted|privateKey/)
  expect(sealed.lines).toEqual([{ event: 'sealed' }])
  expect(sealed.members).toEqual(engine.members)
  expect(await sealed.call('mercy', 'get_private', {})).toEqual({ n: 'planted-value' })
})

test.each([0, 16, 31, 33])('error: %i bytes are no store key', async (sizeBytes) => {
  const opening = openEngine({ folder: await temporaryFolder(), storeKey: Buffer.alloc(sizeBytes, 'planted') })
  await expect(opening).rejects.toThrow(StoreKeyError)
  expect(await failureOf(opening)).toBe(
    `StoreKeyError: The store key has not 32 bytes. (${sizeBytes}) Give 32 random bytes, and always the same for one folder.`,
  )
})

test('the key is in no file and in no print of the engine', async () => {
  const folder = await temporaryFolder()
  const engine = await openEngine({ folder, storeKey })
  await engine.initialise('mercy', {})
  await engine.call('mercy', 'put_both', { n: 1 })
  const shown = inspect(engine, { depth: 9, showHidden: true }) + (await contentsOf(folder))
  for (const encoding of ['latin1', 'hex', 'base64'] as const) expect(shown).not.toContain(storeKey.toString(encoding))
})

async function contentsOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return (await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')))).join('\n')
}
