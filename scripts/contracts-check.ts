// npm run contracts:check: builds the contracts anew and compares with what is committed, byte for byte. With --cached, a source that this
// machine compiled before, by its hash and the compiler's version, is not compiled again.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ARTIFACTS, buildContracts, compileAll, GENERATED } from './cairo/buildContracts.ts'
import { ChoreError } from './choreError.ts'
import { findOrphans, findStale, writeGenerated } from './codegen/writeGenerated.ts'
import { runChore } from './runChore.ts'

await runChore(async () => {
  const files = await buildContracts(compileAll({ cached: process.argv.includes('--cached') }))
  const differing = [...findStale(files), ...(await findOrphans(files, ARTIFACTS)), ...(await findOrphans(files, GENERATED))]
  if (differing.length === 0) return console.log(`${files.length} files are exactly what contracts/cairo gives.`)
  const folder = await mkdtemp(join(tmpdir(), 'medsync-contracts-check-'))
  await writeGenerated(files, folder)
  throw new ChoreError(
    'cairo/stale',
    `These files are not what contracts/cairo gives:\n${differing.map((path) => `  ${path}\n`).join('')}The build is in ${folder}.`,
    'Run `npm run contracts:build` and commit what it changes.',
  )
})
