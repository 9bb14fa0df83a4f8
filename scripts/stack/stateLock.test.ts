import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { writeFiles } from '../testing/writeFiles.ts'
import { lockHolder, takeLock } from './stateLock.ts'

const ADDRESS = 'http://localhost:8080'

function newLock(): string {
  return join(temporaryFolder(), 'state', 'lock')
}

describe('takeLock', () => {
  test('holds the folder until it is given back', () => {
    const lock = newLock()
    const giveBack = takeLock(lock, ADDRESS)
    expect(lockHolder(lock)).toEqual({ pid: process.pid, address: ADDRESS })
    giveBack()
    giveBack()
    expect(existsSync(lock)).toBe(false)
  })

  test('error: a second start is told where the first one is', () => {
    const lock = newLock()
    const giveBack = takeLock(lock, ADDRESS)
    expect(() => takeLock(lock, 'http://localhost:9090')).toThrowError(
      `MedSync runs already at ${ADDRESS} (process ${process.pid}). Use that one, or stop it first: Ctrl-C in its window, or \`kill ${process.pid}\`.`,
    )
    giveBack()
  })

  test('takes over what a killed process left', () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    const folder = writeFiles(temporaryFolder(), { lock: JSON.stringify({ pid, address: ADDRESS }) })
    takeLock(join(folder, 'lock'), ADDRESS)()
  })

  test('takes over a file that says nothing readable', () => {
    const folder = writeFiles(temporaryFolder(), { lock: '{"pid":' })
    expect(lockHolder(join(folder, 'lock'))).toBeUndefined()
    takeLock(join(folder, 'lock'), ADDRESS)()
  })

  test.runIf(existsSync('/proc/1/cmdline'))('a number that another program has now holds nothing', () => {
    const folder = writeFiles(temporaryFolder(), { lock: JSON.stringify({ pid: 1, address: ADDRESS }) })
    expect(lockHolder(join(folder, 'lock'))).toBeUndefined()
  })
})
