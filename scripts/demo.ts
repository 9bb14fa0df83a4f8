// npm run demo: the main job of MedSync without a browser, on a chain, gateway and database of its own that are gone afterwards.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Account, RpcProvider } from 'starknet'
import { playMainJob } from './demo/mainJob.ts'
import { narrator } from './demo/narrator.ts'
import { Person } from './demo/person.ts'
import { freePort, freePortRange } from './processes/ports.ts'
import { runChore } from './runChore.ts'
import { contextFlag } from './stack/contextFlag.ts'
import { startStack } from './stack/startStack.ts'

await runChore(async () => {
  const startedMs = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'medsync-demo-'))
  const [gatewayPort, devnetPort, nodesPort] = [await freePort(), await freePort(), await freePortRange(6)]
  console.log('MedSync, the main job from upload to refusal, on a real Starknet node and a real record.\n')
  const stack = await startStack({
    folder,
    host: '127.0.0.1',
    gatewayPort,
    devnetPort,
    nodesPort,
    publicOrigin: `http://localhost:${gatewayPort}`,
    ...contextFlag(process.argv.slice(2)),
  })
  try {
    const place = { origin: stack.origin, deployment: stack.deployment }
    const provider = new RpcProvider({ nodeUrl: stack.deployment.rpcUrl })
    const person = (label: string): Person => {
      const found = stack.accounts.find((account) => account.label === label)
      if (found === undefined) throw new RangeError(`no local account is called ${label}`)
      return new Person(place, new Account({ provider, address: found.address, signer: found.privateKey }))
    }
    const cast = {
      hospital: person('Mercy General, records office'),
      patient: person('Patient 1'),
      researcher: person('Northgate, researcher'),
    }
    const playedMs = performance.now()
    await playMainJob(cast, narrator())
    const seconds = (sinceMs: number): string => ((performance.now() - sinceMs) / 1_000).toFixed(1)
    console.log(
      `\nAll as it should be: the job took ${seconds(playedMs)} s, ${seconds(startedMs)} s with starting everything. Next: npm start`,
    )
  } finally {
    await stack.stop()
    await rm(folder, { recursive: true, force: true })
  }
})
