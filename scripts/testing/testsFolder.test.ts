import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './temporaryFolder.ts'
import { makeTestsFolder } from './testsFolder.ts'

test('lies in memory where there is room, and is gone with all that is in it', async () => {
  const inMemory = temporaryFolder()
  const { path, remove } = await makeTestsFolder({ inMemory })
  expect(dirname(path)).toBe(inMemory)
  writeFileSync(join(path, 'left'), '')
  await remove()
  expect(existsSync(path)).toBe(false)
})

test('lies with the temporary files where memory is no disk', async () => {
  for (const inMemory of [undefined, join(temporaryFolder(), 'nowhere')]) {
    const { path, remove } = await makeTestsFolder({ inMemory })
    expect(dirname(path)).toBe(tmpdir())
    await remove()
  }
})

test('what a run left that was killed is removed, what another run uses is not', async () => {
  const inMemory = temporaryFolder()
  const used = join(inMemory, `medsync-tests-${process.ppid}-a`)
  // No process has this number: the largest there can be is 2^22.
  const left = join(inMemory, 'medsync-tests-4194305-a')
  for (const folder of [used, left]) mkdirSync(folder)
  const { remove } = await makeTestsFolder({ inMemory })
  expect([existsSync(used), existsSync(left)]).toEqual([true, false])
  await remove()
})
