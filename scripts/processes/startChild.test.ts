import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { inProject } from '../paths.ts'
import { temporaryFolder } from '../testing/temporaryFolder.ts'
import { startChild } from './startChild.ts'

const SLEEPER = 'console.log(process.pid); setTimeout(() => undefined, 60_000)'

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10)
}

function pidIn(logPath: string): number {
  return existsSync(logPath) ? Number(readFileSync(logPath, 'utf8').trim()) : 0
}

describe('startChild', () => {
  test('stops the program, and waits for it', async () => {
    const logPath = join(temporaryFolder(), 'log')
    const child = await startChild({ name: 'sleeper', program: process.execPath, args: ['-e', SLEEPER], logPath })
    await until(() => pidIn(logPath) > 0)
    const pid = pidIn(logPath)
    expect(lives(pid)).toBe(true)
    await child.stop()
    expect([lives(pid), child.isRunning()]).toEqual([false, false])
  })

  test('keeps what it is told to withhold out of the log', async () => {
    const logPath = join(temporaryFolder(), 'log')
    const lines = "console.log('| Private key | 0x1'); console.error('| PRIVATE KEY | 0x2'); console.log('ready')"
    const child = await startChild({ name: 'teller', program: process.execPath, args: ['-e', lines], logPath, withhold: /private key/i })
    await child.ended
    await until(() => existsSync(logPath) && readFileSync(logPath, 'utf8') !== '')
    expect(readFileSync(logPath, 'utf8')).toBe('ready\n')
  })

  test('hands on the code that the program ends with', async () => {
    const child = await startChild({ name: 'short', program: process.execPath, args: ['-e', 'process.exit(7)'] })
    expect(await child.ended).toBe(7)
  })

  test('error: a program that is not there ends at once', async () => {
    const child = await startChild({ name: 'none', program: '/nowhere/at/all', args: [] })
    expect(await child.ended).toBe(127)
  })

  test('no program outlives a starter that was killed', async () => {
    const logPath = join(temporaryFolder(), 'log')
    const options = JSON.stringify({ name: 'sleeper', program: process.execPath, args: ['-e', SLEEPER], logPath })
    const code = `const { startChild } = await import(${JSON.stringify(inProject('scripts/processes/startChild.ts'))}); await startChild(${options}); setTimeout(() => undefined, 60_000)`
    const starter = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' })
    await until(() => pidIn(logPath) > 0)
    const pid = pidIn(logPath)
    starter.kill('SIGKILL')
    await until(() => !lives(pid))
    expect(lives(pid)).toBe(false)
  })
})
