import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
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

  test('what a killed process left in a container, where every process has the number 1, holds nothing', () => {
    for (const pid of [1, process.pid]) {
      const folder = writeFiles(temporaryFolder(), { lock: JSON.stringify({ pid, address: ADDRESS }) })
      expect(lockHolder(join(folder, 'lock'))).toBeUndefined()
      takeLock(join(folder, 'lock'), ADDRESS)()
    }
  })

  test('a killed process holds nothing any more, a living one does', async () => {
    const lock = newLock()
    const source = JSON.stringify(new URL('./stateLock.ts', import.meta.url).href)
    const script = `import { takeLock } from ${source}; takeLock(process.argv[1], 'http://other'); console.log('held'); setInterval(() => 0, 1000)`
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script, lock], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    expect(lockHolder(lock)).toEqual({ pid: holder.pid, address: 'http://other' })
    expect(() => takeLock(lock, ADDRESS)).toThrowError(`MedSync runs already at http://other (process ${holder.pid}).`)
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(lockHolder(lock)).toBeUndefined()
    takeLock(lock, ADDRESS)()
  })
})
