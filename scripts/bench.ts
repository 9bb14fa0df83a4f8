// npm run bench: what MedSync takes, measured on a local network of its own that is gone afterwards. `-- --entries 100000` fills the private
// context with that many entries first, which takes ten minutes and more.
import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { enrol, openStudy, publishKey } from '../test/gateway/access-play.ts'
import { benchAccess } from './bench/benchAccess.ts'
import { benchAllocation } from './bench/benchAllocation.ts'
import { benchContext } from './bench/benchContext.ts'
import { benchDecisions } from './bench/benchDecisions.ts'
import { benchGas } from './bench/benchGas.ts'
import { benchNetwork } from './bench/benchNetwork.ts'
import { benchRounds } from './bench/benchRounds.ts'
import { benchSharing } from './bench/benchSharing.ts'
import { raiseBench } from './bench/benchStage.ts'
import { withPeers } from './bench/installPeers.ts'
import { ChoreError } from './choreError.ts'
import { inProject } from './paths.ts'
import { runChore } from './runChore.ts'

await runChore(async () => {
  const startedMs = performance.now()
  console.log(
    `MedSync, measured on ${cpus().length} cores of ${cpus()[0]?.model.trim() ?? 'unknown make'}; Node ${process.versions.node}.\n`,
  )
  await benchContext(entriesAsked())
  await benchNetwork()
  await withPeers(benchSharing)
  await benchRounds()
  const stage = await raiseBench()
  try {
    const hospital = await stage.person('Mercy General, records office')
    const patient = await stage.person('Patient 1')
    const researcher = await stage.person('Northgate, researcher')
    await enrol(hospital, patient, await readFile(inProject('test', 'data', 'synthea', 'mercy', 'Leonie332_Becker968.json.gz')))
    await publishKey(researcher)
    const study = await openStudy(researcher)
    await benchDecisions(stage, patient)
    await benchAccess(stage, patient, researcher, study)
    await stage.gateway.access.stop()
    await benchGas()
    benchAllocation()
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0)
    console.log(`\nDone in ${seconds} s. Next: compare with the numbers of the last release before you merge what touches these paths.`)
  } finally {
    await stage.stop()
  }
})

function entriesAsked(): number {
  const { values } = parseArgs({ options: { entries: { type: 'string', default: '2000' } } })
  const entries = Number(values.entries)
  if (Number.isSafeInteger(entries) && entries > 0) return entries
  throw new ChoreError('bench/entries', `--entries ${values.entries} is no number of entries.`, 'Give a whole number above 0.')
}
