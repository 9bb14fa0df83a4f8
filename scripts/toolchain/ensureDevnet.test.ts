import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { silentProgress } from '../testing/silentProgress.ts'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { writeFiles } from '../testing/writeFiles.ts'
import { ensureDevnet, findDevnet } from './ensureDevnet.ts'
import { unpackCachedDevnet } from './unpackCachedDevnet.ts'

const NOWHERE = 'http://127.0.0.1:9'

/** A folder with a program of this name that says this version. */
function program(name: string, version: string): string {
  return writeFiles(temporaryFolder(), { [name]: `#!/bin/sh\necho starknet-devnet ${version}\n` }, 0o755)
}

describe('findDevnet', () => {
  test('takes the path that was named before all others', async () => {
    const named = join(program('mine', '0.8.1'), 'mine')
    const path = program('starknet-devnet', '0.8.1')
    expect(await findDevnet({ explicit: named, path, folder: temporaryFolder(), releases: NOWHERE })).toEqual({
      path: named,
      from: 'MEDSYNC_DEVNET',
    })
  })

  test('error: a named path of another version is never passed over', async () => {
    const named = join(program('mine', '0.7.2'), 'mine')
    const found = findDevnet({ explicit: named, path: program('starknet-devnet', '0.8.1'), folder: temporaryFolder(), releases: NOWHERE })
    await expect(found).rejects.toThrowError(/version 0\.7\.2\. Name a starknet-devnet 0\.8\.1, or unset MEDSYNC_DEVNET/)
  })

  test('error: a named path that is no program', async () => {
    const found = findDevnet({ explicit: '/nowhere/devnet', path: '', folder: temporaryFolder(), releases: NOWHERE })
    await expect(found).rejects.toMatchObject({ code: 'toolchain/version' })
  })

  test('passes over another version on PATH and takes the one in the cache folder', async () => {
    const folder = program('starknet-devnet-0.8.1', '0.8.1')
    const found = await findDevnet({ path: program('starknet-devnet', '0.7.2'), folder, releases: NOWHERE })
    expect(found).toEqual({ path: join(folder, 'starknet-devnet-0.8.1'), from: 'cache' })
  })

  test('finds nothing in empty places', async () => {
    expect(await findDevnet({ path: '', folder: temporaryFolder(), releases: NOWHERE })).toBeUndefined()
  })
})

describe('ensureDevnet', () => {
  test('installs nothing when it is on PATH', async () => {
    const path = program('starknet-devnet', '0.8.1')
    expect(await ensureDevnet(silentProgress(), { path, folder: temporaryFolder(), releases: NOWHERE })).toBe(join(path, 'starknet-devnet'))
  })
})

describe('unpackCachedDevnet', () => {
  test('error: an archive with another checksum is not unpacked', async () => {
    const folder = writeFiles(temporaryFolder(), { 'starknet-devnet-0.8.1-x86_64-linux.xz': 'something else' })
    const told = silentProgress()
    expect(await unpackCachedDevnet(folder, join(folder, 'out'), told, { platform: 'linux', arch: 'x64' })).toBe(false)
    expect(told.notes[0]).toContain('does not have the checksum expected and is not used')
  })
})
