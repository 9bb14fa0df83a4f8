// npm run codegen: writes what the generators in scripts/codegen make. `--check` only compares. ABIs come from `npm run contracts:build`.
import { ChoreError } from './choreError.ts'
import { runGenerators } from './codegen/runGenerators.ts'
import { findStale, writeGenerated } from './codegen/writeGenerated.ts'
import { runChore } from './runChore.ts'

await runChore(async () => {
  const files = await runGenerators()
  if (process.argv.includes('--check')) {
    const stale = findStale(files)
    if (stale.length === 0) return console.log(`${files.length} generated files are up to date.`)
    throw new ChoreError('codegen/stale', `Not up to date: ${stale.join(', ')}.`, 'Run `npm run codegen` and commit what it changes.')
  }
  const changed = await writeGenerated(files)
  console.log(changed.length === 0 ? `${files.length} generated files were up to date.` : `Wrote ${changed.join(', ')}. Next: commit them.`)
})
