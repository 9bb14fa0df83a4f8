// npm run hospital:add -- SHORT-NAME "Full name": one more hospital in the local network: admitted on chain, with operators, a place in the
// private context (with Calimero nodes: a node of its own, invited and joined) and a portal.
import { mkdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { ChoreError } from './choreError.ts'
import { readAddedHospitals, withHospital } from './local/addedHospitals.ts'
import { step } from './progress.ts'
import { runChore } from './runChore.ts'
import { contextFlag } from './stack/contextFlag.ts'
import { loadEnvFiles, readSettings } from './stack/settings.ts'
import { startStack } from './stack/startStack.ts'
import { stateFiles } from './stack/stateFiles.ts'
import { lockHolder } from './stack/stateLock.ts'
import { writeJson } from './stack/writeStateFiles.ts'

await runChore(async () => {
  loadEnvFiles()
  const args = process.argv.slice(2)
  const { positionals } = parseArgs({ args, options: { context: { type: 'string' } }, allowPositionals: true, strict: false })
  const [slug = '', name = ''] = positionals
  const settings = { ...readSettings(), ...contextFlag(args) }
  const files = stateFiles(settings.folder)
  const holder = lockHolder(files.lock)
  if (holder !== undefined)
    throw new ChoreError(
      'hospital/running',
      `MedSync runs at ${holder.address} (process ${holder.pid}).`,
      'Stop it first, with Ctrl-C in its window.',
    )
  const added = withHospital(await readAddedHospitals(files.organisations), { slug, name })
  await mkdir(settings.folder, { recursive: true })
  await writeJson(files.organisations, added)
  console.log(`${name} joins the network:`)
  const stack = await startStack(settings)
  await step('stopping', '1 s', () => stack.stop())
  console.log(`${name} is in. Next: \`npm start\`, then open ${stack.origin}/hospital as “${name}, records office”.`)
})
