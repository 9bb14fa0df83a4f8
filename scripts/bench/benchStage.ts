import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Deployment } from '@medsync/chain'
import { buildServer, composeGateway, type Gateway, readEnv } from '@medsync/gateway'
import { slugToOrganisationId } from '@medsync/protocol'
import { pino } from 'pino'
import { Account, RpcProvider } from 'starknet'
import { Person } from '../demo/person.ts'
import { deployLocal } from '../deploy/deployLocal.ts'
import { type Devnet, startDevnet } from '../devnet/startDevnet.ts'
import { type LocalAccountWithKey, localOrganisations } from '../local/localAccounts.ts'
import { freePort } from '../processes/ports.ts'
import { progress } from '../progress.ts'
import { ensureDevnet } from '../toolchain/ensureDevnet.ts'

/** A local network and a gateway in this process, so that its parts can be measured. */
export type BenchStage = {
  readonly devnet: Devnet
  readonly deployment: Deployment
  readonly gateway: Gateway
  account(label: string): Account
  /** Somebody of the local network, signed in. */
  person(label: string): Promise<Person>
  stop(): Promise<void>
}

/** Starts everything on ports and in a folder of its own, with the settings that `npm start` has. */
export async function raiseBench(): Promise<BenchStage> {
  const told = progress('starknet-devnet', 'at once; 15 min when it has to be built')
  const binary = await ensureDevnet(told)
  told.done()
  const folder = await mkdtemp(join(tmpdir(), 'medsync-bench-'))
  const devnet = await startDevnet({ binary })
  const { deployment, accounts } = await deployLocal(devnet.rpcUrl)
  const port = await freePort()
  await writeFile(join(folder, 'deployment.json'), JSON.stringify(deployment))
  await writeFile(join(folder, 'tenants.json'), JSON.stringify(tenantsOf(accounts)), { mode: 0o600 })
  const env = readEnv({
    GATEWAY_PORT: String(port),
    PUBLIC_ORIGIN: `http://127.0.0.1:${port}`,
    DEPLOYMENT_FILE: join(folder, 'deployment.json'),
    TENANTS_FILE: join(folder, 'tenants.json'),
    MASTER_KEY_FILE: join(folder, 'master.key'),
    ...(process.env['DATABASE_URL'] === undefined
      ? { DATABASE_DIR: join(folder, 'database') }
      : { DATABASE_URL: process.env['DATABASE_URL'] }),
  })
  const gateway = await composeGateway(env, { log: pino({ level: 'silent' }) })
  const server = await buildServer(gateway)
  await server.listen({ host: '127.0.0.1', port })
  await gateway.chain.refresh()
  const provider = new RpcProvider({ nodeUrl: devnet.rpcUrl })
  const account = (label: string): Account => {
    const found = accounts.find((each) => each.label === label)
    if (found === undefined) throw new RangeError(`no local account is called ${label}`)
    return new Account({ provider, address: found.address, signer: found.privateKey })
  }
  return {
    devnet,
    deployment,
    gateway,
    account,
    person: async (label) => {
      const person = new Person({ origin: env.PUBLIC_ORIGIN, deployment }, account(label))
      await person.signIn()
      return person
    },
    stop: async () => {
      await server.close()
      await gateway.stop()
      await devnet.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function tenantsOf(accounts: readonly LocalAccountWithKey[]): unknown[] {
  return localOrganisations.map(({ slug, name, role }) => {
    const operator = accounts.find((each) => each.plays === 'gateway' && each.organisation === slug)
    const signing = operator === undefined ? {} : { operator: { address: operator.address, privateKey: operator.privateKey } }
    return { organisation: slugToOrganisationId(slug), slug, role, name, ...signing }
  })
}
