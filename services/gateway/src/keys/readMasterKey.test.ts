import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readMasterKey } from './readMasterKey.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medsync-key-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('readMasterKey', () => {
  test('makes a key that only its owner may read, and finds it again', async () => {
    const path = join(folder, 'master.key')
    const made = await readMasterKey(path)
    expect(made.length).toBe(32)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(Buffer.from(await readMasterKey(path)).equals(Buffer.from(made))).toBe(true)
    expect(await readdir(folder)).toEqual(['master.key'])
  })

  test('error: readable by others, half-written, or where nothing can be written', async () => {
    const path = join(folder, 'master.key')
    await readMasterKey(path)
    await chmod(path, 0o644)
    await expect(readMasterKey(path)).rejects.toMatchObject({ code: 'config/master-key' })
    await chmod(path, 0o600)
    await writeFile(path, 'abc')
    await expect(readMasterKey(path)).rejects.toMatchObject({ code: 'config/master-key' })
    await expect(readMasterKey(join(folder, 'none', 'master.key'))).rejects.toMatchObject({ code: 'config/master-key' })
  })
})
