// npm run reset: forgets the chain, the keys and the database of `npm start`. Asks first; `--yes` says yes.
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { ChoreError } from './choreError.ts'
import { stateFolder } from './paths.ts'
import { runChore } from './runChore.ts'
import { isStateFolder } from './stack/isStateFolder.ts'
import { loadEnvFiles } from './stack/settings.ts'
import { stateFiles } from './stack/stateFiles.ts'
import { lockHolder } from './stack/stateLock.ts'

await runChore(async () => {
  loadEnvFiles()
  const folder = stateFolder()
  if (!existsSync(folder)) return console.log(`There is nothing to forget: ${folder} does not exist.`)
  const holder = lockHolder(stateFiles(folder).lock)
  if (holder !== undefined) {
    throw new ChoreError(
      'reset/running',
      `MedSync runs at ${holder.address} (process ${holder.pid}).`,
      'Stop it first, with Ctrl-C in its window.',
    )
  }
  if (!isStateFolder(await readdir(folder))) {
    throw new ChoreError(
      'reset/foreign',
      `${folder} holds other things than the state of MedSync.`,
      'Look at MEDSYNC_STATE; nothing was deleted.',
    )
  }
  if (!process.argv.includes('--yes') && !(await confirmed(folder))) return console.log('Nothing was deleted.')
  await rm(folder, { recursive: true, force: true })
  console.log(`Deleted ${folder}. Next: \`npm start\`.`)
  if (process.env['DATABASE_URL'] !== undefined)
    console.log('The database of DATABASE_URL was left as it is; empty it yourself before the next start.')
})

async function confirmed(folder: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) throw new ChoreError('reset/unasked', 'Nobody is there to confirm.', 'Run `npm run reset -- --yes`.')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await terminal.question(`Delete ${folder} with the local chain, all records and all keys in it? [y/N] `)
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    terminal.close()
  }
}
