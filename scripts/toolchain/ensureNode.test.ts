import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { silentProgress } from '../testing/silentProgress.ts'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { writeFiles } from '../testing/writeFiles.ts'
import { ensureNode, findNode } from './ensureNode.ts'

/** A folder with a program of this name that says this version. */
function program(name: string, version: string): string {
  return writeFiles(temporaryFolder(), { [name]: `#!/bin/sh\necho "calimero-node ${version} (medsync 0.1.0)"\n` }, 0o755)
}

describe('findNode', () => {
  test('takes the path that was named before all others', async () => {
    const explicit = join(program('mine', '0.11.0-rc.4'), 'mine')
    const path = program('calimero-node', '0.11.0-rc.4')
    expect(await findNode(undefined, { explicit, path, folder: temporaryFolder() })).toEqual({ path: explicit, from: 'MEDSYNC_NODE' })
  })

  test('error: a named path of another version is never passed over', async () => {
    const explicit = join(program('mine', '0.11.0-rc.5'), 'mine')
    const found = findNode(undefined, { explicit, path: program('calimero-node', '0.11.0-rc.4'), folder: temporaryFolder() })
    await expect(found).rejects.toThrowError(/version 0\.11\.0-rc\.5\. Name a calimero-node 0\.11\.0-rc\.4, or unset MEDSYNC_NODE/)
  })

  test('error: a named path that is no program', async () => {
    const found = findNode(undefined, { explicit: '/nowhere/node', path: '', folder: temporaryFolder() })
    await expect(found).rejects.toMatchObject({ code: 'toolchain/version' })
  })

  test('passes over another version on PATH and takes the one in the cache folder', async () => {
    const folder = program('calimero-node-0.11.0-rc.4', '0.11.0-rc.4')
    const found = await findNode(undefined, { path: program('calimero-node', '0.10.0'), folder })
    expect(found).toEqual({ path: join(folder, 'calimero-node-0.11.0-rc.4'), from: 'cache' })
  })

  test('finds nothing in empty places', async () => {
    expect(await findNode(undefined, { path: '', folder: temporaryFolder() })).toBeUndefined()
  })

  test.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'error: an archive with another checksum is not unpacked',
    async () => {
      const folder = writeFiles(temporaryFolder(), { 'calimero-node-0.11.0-rc.4-x86_64-linux.xz': 'something else' })
      const told = silentProgress()
      expect(await findNode(told, { path: '', folder })).toBeUndefined()
      expect(told.notes[0]).toContain('does not have the checksum expected and is not used')
    },
  )
})

describe('ensureNode', () => {
  test('builds nothing when it is on PATH', async () => {
    const path = program('calimero-node', '0.11.0-rc.4')
    expect(await ensureNode(silentProgress(), { path, folder: temporaryFolder() })).toBe(join(path, 'calimero-node'))
  })
})
