import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inProject } from '../paths.ts'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { writeFiles } from '../testing/writeFiles.ts'
import { openSigningKey } from './signingKey.ts'

test('a key is made once, for its owner’s eyes only, and is the same afterwards', async () => {
  const path = join(temporaryFolder(), 'keys', 'app.pem')
  const made = await openSigningKey(path)
  expect(made.isNew).toBe(true)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const opened = await openSigningKey(path)
  expect(opened.isNew).toBe(false)
  expect(opened.key.equals(made.key)).toBe(true)
})

test('error: a key inside the project, one that others can read, and what is no key are refused', async () => {
  await expect(openSigningKey(inProject('calimero-app', 'key.pem'))).rejects.toThrow('lies inside the project')
  const path = join(writeFiles(temporaryFolder(), { 'key.pem': 'no key' }), 'key.pem')
  chmodSync(path, 0o644)
  await expect(openSigningKey(path)).rejects.toThrow('can be read by others')
  chmodSync(path, 0o600)
  await expect(openSigningKey(path)).rejects.toThrow('is no private key')
})
