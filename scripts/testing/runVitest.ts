import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import * as z from 'zod'
import { inProject } from '../paths.ts'
import { runCommand } from '../runCommand.ts'
import type { Tally } from './tally.ts'
import { makeTestsFolder } from './testsFolder.ts'

/** Which tests are run, and how. */
export interface VitestRun {
  /** A project of vitest.config.ts. */
  project: string
  /** Files of one project share a node and its accounts, so that they are run one after the other. */
  oneFileAtATime: boolean
  env: Record<string, string>
  /** Handed on to vitest: a filter, `-t name`. */
  args: readonly string[]
  print: (line: string) => void
}

const assertionSchema = z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).nullish() })
const fileSchema = z.object({
  status: z.string(),
  name: z.string(),
  message: z.string().nullish(),
  assertionResults: z.array(assertionSchema),
})
const resultSchema = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), testResults: z.array(fileSchema) })
/** Of why a test failed, so many lines are repeated at the end. */
const REASON_LINES = 4

/** Runs one project of tests. A file that could not be loaded counts as one failure, no test at all too. */
export async function runVitest({ project, oneFileAtATime, env, args, print }: VitestRun): Promise<Tally> {
  const folder = await makeTestsFolder()
  try {
    const report = join(folder.path, 'report.json')
    const temporary = join(folder.path, 'tmp')
    await mkdir(temporary)
    const vitest = inProject('node_modules', 'vitest', 'vitest.mjs')
    const reports = ['--reporter', 'default', '--reporter', 'json', '--outputFile.json', report]
    const oneByOne = oneFileAtATime ? ['--no-file-parallelism'] : []
    const { code } = await runCommand(process.execPath, [vitest, 'run', '--project', project, ...reports, ...oneByOne, ...args], {
      cwd: inProject(),
      env: { ...env, TMPDIR: temporary },
      onLine: (line) => {
        if (line.trim() !== '') print(line)
      },
    })
    return tallyOf(existsSync(report) ? await readFile(report, 'utf8') : undefined, code)
  } finally {
    await folder.remove()
  }
}

/**
 * What a report of vitest counts to.
 * @param report - Its JSON; undefined when it wrote none.
 * @param code - Vitest's exit code, which also knows of errors outside of tests.
 */
export function tallyOf(report: string | undefined, code: number): Tally {
  if (report === undefined) return { passed: 0, failed: 1 }
  const { numPassedTests, numFailedTests, testResults } = resultSchema.parse(JSON.parse(report))
  const unloaded = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length
  const failed = numFailedTests + unloaded
  const faults = testResults.flatMap(faultsOf)
  return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed, ...(faults.length === 0 ? {} : { faults }) }
}

function faultsOf({ name, status, message, assertionResults }: z.output<typeof fileSchema>): string[] {
  const file = relative(inProject(), name)
  const tests = assertionResults.filter((test) => test.status === 'failed')
  if (tests.length === 0 && status === 'failed') return [`${file}\n${reasonOf(message ?? '')}`]
  return tests.map(({ fullName, failureMessages }) => `${file}: ${fullName}\n${reasonOf(failureMessages?.[0] ?? '')}`)
}

function reasonOf(text: string): string {
  const lines = text.split('\n').slice(0, REASON_LINES)
  return lines.map((line) => `    ${line}`).join('\n')
}
