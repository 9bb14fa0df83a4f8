import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inProject } from './paths.ts'

const imports = (name: string): string => `await import(${JSON.stringify(inProject('scripts', name))})`

/** Runs a chore with this body in a process of its own, and sends it a signal as soon as it says something. */
async function play(body: string, signal?: NodeJS.Signals): Promise<{ code: number | null; said: string }> {
  const code = `const { runChore } = ${imports('runChore.ts')}; const { ChoreError } = ${imports('choreError.ts')}; const { runCommand } = ${imports('runCommand.ts')}; await runChore(async () => { ${body} })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code])
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  if (signal !== undefined) child.stdout.once('data', () => child.kill(signal))
  return { code: await new Promise((ended) => child.on('close', ended)), said }
}

test('a chore that says nothing else ends with 0, one that gives a number with that', async () => {
  expect((await play('')).code).toBe(0)
  expect((await play('return 3')).code).toBe(3)
})

test('error: a chore that cannot go on says what happened and what to do, without a stack', async () => {
  const { code, said } = await play(`throw new ChoreError('a/b', 'It broke.', 'Mend it.')`)
  expect([code, said]).toEqual([1, '\nerror: It broke. Mend it.\n       (a/b)\n'])
})

test('error: a bug shows its stack', async () => {
  const { code, said } = await play(`throw new RangeError('bug')`)
  expect([code, said]).toEqual([1, expect.stringContaining('RangeError: bug\n    at ')])
})

test('a chore that is ended takes the programs with it that it started', async () => {
  const program = 'console.log(process.pid); setTimeout(() => undefined, 60_000)'
  const { code, said } = await play(
    `await runCommand(process.execPath, ['-e', ${JSON.stringify(program)}], { onLine: console.log })`,
    'SIGTERM',
  )
  expect(code).toBe(143)
  const lives = (): boolean => {
    try {
      return process.kill(Number(said), 0)
    } catch {
      return false
    }
  }
  while (lives()) await sleep(10)
  expect(lives()).toBe(false)
})
