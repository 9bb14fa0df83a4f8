import { existsSync } from 'node:fs'
import { abiModule, abiName } from '../cairo/abiModule.ts'
import { ARTIFACTS, GENERATED } from '../cairo/buildContracts.ts'
import { classHashesOf } from '../cairo/classHashesOf.ts'
import { ChoreError } from '../choreError.ts'
import type { GeneratedFile } from '../codegen/generatedFile.ts'
import { runGenerators } from '../codegen/runGenerators.ts'
import { findStale } from '../codegen/writeGenerated.ts'
import { readArtifact, readClassHashes } from '../deploy/readArtifact.ts'
import { inProject } from '../paths.ts'
import { runCommand } from '../runCommand.ts'

/** One thing that `npm run check` looks at. */
export interface Check {
  name: string
  usually: string
  /** @throws {ChoreError} With every fault found. */
  run(): Promise<void>
}

/** All checks that need no node, in the order they are run. */
export const checks: readonly Check[] = [
  { name: 'types', usually: '5 s', run: () => command('tsc', ['--noEmit', '-p', 'tsconfig.json'], 'Mend the types named above.') },
  {
    name: 'types of the web app',
    usually: '5 s',
    run: () => command('tsc', ['--noEmit', '-p', 'web/tsconfig.json'], 'Mend the types named above.'),
  },
  {
    name: 'lint, layout and rooms',
    usually: '5 s',
    run: () => command('biome', ['check', '--max-diagnostics=50', '--error-on-warnings'], 'Run `npm run format`, then mend what is left.'),
  },
  { name: 'generated files', usually: '1 s', run: checkGenerated },
  { name: 'class hashes and ABIs', usually: '2 s', run: checkArtifacts },
]

async function command(program: string, args: string[], hint: string): Promise<void> {
  const lines: string[] = []
  const { code } = await runCommand(program, args, { cwd: inProject(), onLine: (line) => lines.push(line) })
  if (code !== 0) throw new ChoreError('check/failed', `${program} found faults:\n${lines.join('\n')}`, hint)
}

async function checkGenerated(): Promise<void> {
  const stale = findStale(await runGenerators())
  if (stale.length > 0)
    throw new ChoreError('check/generated', `Not up to date: ${stale.join(', ')}.`, 'Run `npm run codegen` and commit what it changes.')
}

/** Whether the committed hashes and ABIs are those of the committed classes; that these come from the sources is for `contracts:check`. */
async function checkArtifacts(): Promise<void> {
  const hint = 'Run `npm run contracts:build` and commit what it changes.'
  if (existsSync(inProject(ARTIFACTS, 'DRAFT'))) throw new ChoreError('check/draft', `${ARTIFACTS} holds a draft made by --fast.`, hint)
  const hashes = await readClassHashes()
  const abis: GeneratedFile[] = []
  for (const [contract, committed] of Object.entries(hashes)) {
    const artifact = await readArtifact(contract)
    const computed = classHashesOf(artifact)
    if (computed.classHash !== committed.classHash || computed.compiledClassHash !== committed.compiledClassHash) {
      throw new ChoreError('check/class-hash', `class_hashes.json does not have the hashes of ${contract}.`, hint)
    }
    abis.push({ path: `${GENERATED}/${abiName(contract)}.ts`, text: abiModule(contract, artifact.sierra.abi) })
  }
  const stale = findStale(abis)
  if (stale.length > 0) throw new ChoreError('check/abi', `Not the ABIs of the committed classes: ${stale.join(', ')}.`, hint)
}
