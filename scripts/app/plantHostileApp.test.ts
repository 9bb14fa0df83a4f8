import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inProject } from '../paths.ts'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { writeFiles } from '../testing/writeFiles.ts'
import { hostileBundle } from './hostileBundle.ts'
import { plantHostileApp } from './plantHostileApp.ts'

const CHUNK = 1_048_576
const wasm = Buffer.alloc(1_500_000, 7)

test('the chunks in which a node keeps our bundle become those of the hostile one', async () => {
  const ours = readFileSync(inProject('calimero-app', 'res', 'medsync.mpk'))
  const home = writeFiles(temporaryFolder(), { 'blobs/other': 'something else' })
  writeFileSync(join(home, 'blobs', 'first'), ours.subarray(0, CHUNK))
  writeFileSync(join(home, 'blobs', 'last'), ours.subarray(CHUNK))
  await plantHostileApp(home, wasm)
  const kept = Buffer.concat(['first', 'last'].map((name) => readFileSync(join(home, 'blobs', name))))
  expect(kept.equals(await hostileBundle(wasm))).toBe(true)
  expect(readFileSync(join(home, 'blobs', 'other'), 'utf8')).toBe('something else')
})

test('error: a node without our bundle is not believed to be hostile', async () => {
  const home = writeFiles(temporaryFolder(), { 'blobs/other': 'something else' })
  await expect(plantHostileApp(home, wasm)).rejects.toMatchObject({ code: 'context/not-planted' })
})
