import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { ChoreError } from '../choreError.ts'
import { DEPLOYED_CONTRACTS } from '../deploy/deployContracts.ts'
import { readClassHashes } from '../deploy/readArtifact.ts'
import { parseJson } from '../parseJson.ts'
import type { StateFiles } from './stateFiles.ts'

const VERSION = 1
const stateSchema = z.object({ version: z.number().int(), classHashes: z.record(z.string(), z.string()) })

/** What `state.json` says. */
export type StateMark = z.output<typeof stateSchema>

/** The mark of a folder that this version sets up. */
export async function currentMark(): Promise<StateMark> {
  const hashes = await readClassHashes()
  // A contract that is only for tests stands on no chain of a state folder, so another version of it is no reason to start over.
  return {
    version: VERSION,
    classHashes: Object.fromEntries(DEPLOYED_CONTRACTS.map((contract) => [contract, hashes[contract]?.classHash ?? ''])),
  }
}

/**
 * Whether the state folder was set up before. One that was interrupted while it was set up is simply finished; one that lost a part that
 * cannot be made again is refused.
 * @returns Whether the set-up is complete.
 * @throws {ChoreError} `state/half-written`, `state/other-version` or `state/other-contracts`, each with the way out.
 */
export async function checkState(files: StateFiles): Promise<boolean> {
  const out = `Run \`npm run reset\` to start over, or put back a copy of ${files.folder}.`
  const hasDatabase = existsSync(files.database)
  if (!existsSync(files.state)) {
    if (hasDatabase) throw halfWritten('state.json')
    return false
  }
  const mark = stateSchema.safeParse(parseJson(readFileSync(files.state, 'utf8')))
  if (!mark.success) throw halfWritten('a readable state.json')
  if (mark.data.version !== VERSION)
    throw new ChoreError('state/other-version', `${files.folder} was made by another version of MedSync.`, out)
  for (const path of [files.deployment, files.tenants, files.developmentAccounts])
    if (!existsSync(path)) throw halfWritten(path.slice(files.folder.length + 1))
  if (!existsSync(join(files.chain, 'requests.json')) && !existsSync(join(files.chain, 'requests.loading.json')))
    throw halfWritten('the chain')
  if (hasDatabase && !existsSync(files.masterKey)) throw halfWritten('master.key, without which the database cannot be read')
  const current = await currentMark()
  const changed = Object.keys(current.classHashes).filter((contract) => current.classHashes[contract] !== mark.data.classHashes[contract])
  if (changed.length === 0) return true
  throw new ChoreError(
    'state/other-contracts',
    `${files.folder} holds a chain with other versions of ${changed.join(', ')}.`,
    'Run `npm run reset` to start over with the contracts of today.',
  )

  function halfWritten(missing: string): ChoreError {
    return new ChoreError('state/half-written', `${files.folder} is not whole: it lacks ${missing}.`, out)
  }
}
