import { expect, test } from 'vitest'
import { runCommand } from './runCommand.ts'

const run = (code: string, timeoutMs = 10_000) => runCommand(process.execPath, ['-e', code], { timeoutMs })

test('gives the code, the output, and the end of both streams', async () => {
  expect(await run('console.log("out"); console.error("err"); process.exitCode = 3')).toMatchObject({
    code: 3,
    output: 'out',
    tail: expect.stringContaining('err'),
  })
})

test('error: a program that is not there', async () => {
  expect((await runCommand('/nowhere/at/all', [])).code).toBe(127)
})

test('error: one that takes too long is ended', async () => {
  expect((await run('setTimeout(() => undefined, 60_000)', 200)).code).toBe(124)
})
