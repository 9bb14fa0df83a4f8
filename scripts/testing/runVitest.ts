import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { inProject } from '../paths.ts'
import type { Tally } from './tally.ts'

/** Which tests are run, and how. */
export interface VitestRun {
  /** A project of vitest.config.ts. */
  project: string
  /** Files of one project share a node and its accounts, so that they are run one after the other. */
  oneFileAtATime: boolean
  env: Record<string, string>
  /** Handed on to vitest: a filter, `-t name`. */
  args: readonly string[]
}

const resultSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  success: z.boolean(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

/** Runs one project of tests with its output on the screen. A file that could not be loaded counts as one failure, no test at all too. */
export async function runVitest({ project, oneFileAtATime, env, args }: VitestRun): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'medsync-vitest-'))
  try {
    const report = join(folder, 'report.json')
    const code = await runOnScreen(
      process.execPath,
      [
        inProject('node_modules', 'vitest', 'vitest.mjs'),
        ...['run', '--project', project, '--reporter', 'default', '--reporter', 'json', '--outputFile.json', report],
        ...(oneFileAtATime ? ['--no-file-parallelism'] : []),
        ...args,
      ],
      env,
    )
    if (!existsSync(report)) return { passed: 0, failed: 1 }
    const result = resultSchema.parse(JSON.parse(await readFile(report, 'utf8')))
    const unloaded = result.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    ).length
    const failed = result.numFailedTests + unloaded
    return { passed: result.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function runOnScreen(program: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], cwd: inProject(), env: { ...process.env, ...env } })
    child.on('error', () => resolve(127))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
