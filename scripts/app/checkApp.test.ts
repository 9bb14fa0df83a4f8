import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inProject } from '../paths.ts'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { checkApp } from './checkApp.ts'

const RES = inProject('calimero-app', 'res')
const app = { wasm: readFileSync(join(RES, 'medsync.wasm')), abi: readFileSync(join(RES, 'abi.json')) }

test('the committed bundle is signed and holds the committed app', async () => {
  expect(await checkApp(app, RES)).toContain('signed by did:key:z6Mk')
})

test('error: whatever is not what the sources give is named', async () => {
  const folder = temporaryFolder()
  for (const name of ['abi.json', 'medsync.mpk']) copyFileSync(join(RES, name), join(folder, name))
  const failure = checkApp({ ...app, abi: Buffer.from('{}') }, folder)
  await expect(failure).rejects.toThrow('not what calimero-app/logic gives: medsync.wasm, abi.json, medsync.mpk.')
})

test('error: a bundle that is not there is told as a chore that cannot go on', async () => {
  await expect(checkApp(app, temporaryFolder())).rejects.toMatchObject({ code: 'context/stale' })
})
