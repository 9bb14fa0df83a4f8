// npm run contracts:build: contracts/cairo -> contracts/artifacts and packages/chain/src/generated.
// `--fast` compiles with the native compiler that CAIRO_COMPILER names, for use while writing; its output must not be committed.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ARTIFACTS, buildContracts, compileAll, GENERATED, type SierraSource } from './cairo/buildContracts.ts'
import { compileNatively } from './cairo/nativeCompiler.ts'
import { ChoreError } from './choreError.ts'
import { removeOrphans, writeGenerated } from './codegen/writeGenerated.ts'
import { runChore } from './runChore.ts'

/** Stands beside drafts; `npm run check` fails while it is there. */
const DRAFT = `${ARTIFACTS}/DRAFT`

await runChore(async () => {
  const fast = process.argv.includes('--fast')
  const built = await buildContracts(fast ? nativeSource() : compileAll({ cached: true }))
  const files = fast ? [...built, { path: DRAFT, text: 'Made by --fast. Run `npm run contracts:build` before you commit.\n' }] : built
  const changed = [...(await writeGenerated(files)), ...(await removeOrphans(files, ARTIFACTS)), ...(await removeOrphans(files, GENERATED))]
  for (const path of changed) console.log(`    ${path}`)
  console.log(changed.length === 0 ? 'Nothing changed.' : `${changed.length} files changed.`)
  console.log(
    fast ? 'DRAFT: not to be committed. Next: `npm run contracts:build` when the source is ready.' : 'Next: commit them with the source.',
  )
})

function nativeSource(): SierraSource {
  const compiler = process.env['CAIRO_COMPILER']
  if (compiler === undefined) {
    throw new ChoreError(
      'cairo/no-native-compiler',
      '--fast needs a native compiler.',
      'Set CAIRO_COMPILER to a starknet-compile with its corelib beside it.',
    )
  }
  return async (contracts) => {
    const folder = await mkdtemp(join(tmpdir(), 'medsync-native-'))
    try {
      return await compileNatively(
        compiler,
        contracts.map(({ path }) => `medsync::${path}`),
        folder,
      )
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}
