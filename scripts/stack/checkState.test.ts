import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { writeFiles } from '../testing/writeFiles.ts'
import { checkState, currentMark } from './checkState.ts'
import { stateFiles } from './stateFiles.ts'

/** A state folder as a finished first start leaves it. */
async function whole(): Promise<string> {
  return writeFiles(temporaryFolder(), {
    'state.json': JSON.stringify(await currentMark()),
    'deployment.json': '{}',
    'tenants.json': '[]',
    'development-accounts.json': '[]',
    'chain/requests.json': '[]',
    'database/PG_VERSION': '17',
    'master.key': '00',
  })
}

describe('checkState', () => {
  test('a whole folder is set up', async () => {
    expect(await checkState(stateFiles(await whole()))).toBe(true)
  })

  test('an empty folder is not set up yet', async () => {
    expect(await checkState(stateFiles(temporaryFolder()))).toBe(false)
  })

  test('a first start that was interrupted before its end is simply finished', async () => {
    expect(await checkState(stateFiles(writeFiles(temporaryFolder(), { 'chain/requests.json': '[]', 'tenants.json': '[]' })))).toBe(false)
  })

  test('a chain that was killed while it was loading is whole', async () => {
    const folder = writeFiles(await whole(), { 'chain/requests.loading.json': '[]' })
    rmSync(join(folder, 'chain/requests.json'))
    expect(await checkState(stateFiles(folder))).toBe(true)
  })

  test.each([
    ['state.json', 'state.json'],
    ['deployment.json', 'deployment.json'],
    ['tenants.json', 'tenants.json'],
    ['chain', 'the chain'],
    ['master.key', 'master.key, without which the database cannot be read'],
  ])('error: without its %s it is refused, with the way out', async (lost, words) => {
    const folder = await whole()
    rmSync(join(folder, lost), { recursive: true })
    await expect(checkState(stateFiles(folder))).rejects.toThrowError(
      `${folder} is not whole: it lacks ${words}. Run \`npm run reset\` to start over, or put back a copy of ${folder}.`,
    )
  })

  test('error: half a state.json', async () => {
    const folder = writeFiles(await whole(), { 'state.json': '{"version":' })
    await expect(checkState(stateFiles(folder))).rejects.toMatchObject({ code: 'state/half-written' })
  })

  test('error: a folder of another version', async () => {
    const folder = writeFiles(await whole(), { 'state.json': JSON.stringify({ ...(await currentMark()), version: 99 }) })
    await expect(checkState(stateFiles(folder))).rejects.toMatchObject({ code: 'state/other-version' })
  })

  test('error: a chain with other contracts is named', async () => {
    const mark = await currentMark()
    const folder = writeFiles(await whole(), {
      'state.json': JSON.stringify({ ...mark, classHashes: { ...mark.classHashes, AccessLog: '0x1' } }),
    })
    await expect(checkState(stateFiles(folder))).rejects.toThrowError(
      /holds a chain with other versions of AccessLog\. Run `npm run reset`/,
    )
  })

  test('a chain on which only contracts for tests would be others goes on', async () => {
    const mark = await currentMark()
    const folder = writeFiles(await whole(), {
      'state.json': JSON.stringify({ ...mark, classHashes: { ...mark.classHashes, Puppet: '0x1', OddToken: '0x2' } }),
    })
    expect(await checkState(stateFiles(folder))).toBe(true)
  })
})
