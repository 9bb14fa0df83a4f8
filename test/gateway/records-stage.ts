import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  addOperator,
  type Deployment,
  reinstateOrganisation,
  removeOperator,
  suspendOrganisation,
  waitForTransaction,
} from '@medsync/chain'
import { buildServer, composeGateway, type Gateway, type Replacements, readEnv } from '@medsync/gateway'
import { type AccountAddress, challengeSchema, type Felt, type Session, sessionSchema, slugToOrganisationId } from '@medsync/protocol'
import { deployMedsync, type LocalAccountWithKey, localAccount, localOrganisations } from '@medsync/testing'
import { pino } from 'pino'
import type { Account, TypedData } from 'starknet'
import { inject } from 'vitest'
import { freshDatabase } from './access-database.ts'

/** A signed-in account. */
export type Client = {
  readonly session: Session
  /** The refresh cookie as the browser would send it. */
  readonly cookie: string
  /** Sends a request with the access token. */
  send(path: string, init?: RequestInit): Promise<Response>
  json(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
}

/** A gateway that listens, on a database of its own, with a clock that only the test moves. */
export type RecordsStage = {
  readonly gateway: Gateway
  /** The environment it was started with. */
  readonly variables: Readonly<Record<string, string>>
  readonly origin: string
  readonly deployment: Deployment
  readonly accounts: readonly LocalAccountWithKey[]
  /** What governance does on chain, and what comes back when the gateway has heard of it. */
  readonly governance: {
    suspend(slug: string): Promise<void>
    reinstate(slug: string): Promise<void>
    removeOperator(label: string): Promise<void>
    addOperator(slug: string, label: string): Promise<void>
  }
  /** Everything that was logged, one JSON a line. */
  readonly log: string[]
  /** Opens the database beside the gateway, for looking into it. */
  everyRow(): Promise<string[]>
  pass(seconds: number): void
  account(label: string): LocalAccountWithKey
  signIn(label: string): Promise<Client>
  stop(): Promise<void>
}

/**
 * Starts one.
 * @param options.env - More of the environment.
 * @param options.rpcUrl - Another chain address than the one it was deployed at.
 * @param options.salt - Contracts of its own, for a test that changes them.
 * @param options.allocationPace - For a test that waits for places.
 */
export async function raiseRecords(
  options: { env?: Record<string, string>; rpcUrl?: string; salt?: string } & Pick<Replacements, 'allocationPace'> = {},
): Promise<RecordsStage> {
  const rpcUrl = inject('devnetRpcUrl')
  const folder = await mkdtemp(join(tmpdir(), 'medsync-records-'))
  const { deployment: deployed, accounts } = await deployMedsync({ rpcUrl }, { salt: options.salt ?? '0x7265636f726473' })
  const deployment = { ...deployed, rpcUrl: options.rpcUrl ?? deployed.rpcUrl }
  const tenants = localOrganisations.map(({ slug, role, name }) => ({ organisation: slugToOrganisationId(slug), slug, role, name }))
  const slugs = tenants.map(({ slug }) => slug)
  const database = await freshDatabase(join(folder, 'database'), slugs)
  await writeFile(join(folder, 'deployment.json'), JSON.stringify(deployment))
  await writeFile(join(folder, 'tenants.json'), JSON.stringify(tenants), { mode: 0o600 })
  const variables = {
    GATEWAY_PORT: '0',
    PUBLIC_ORIGIN: 'http://127.0.0.1:18100',
    DEPLOYMENT_FILE: join(folder, 'deployment.json'),
    TENANTS_FILE: join(folder, 'tenants.json'),
    MASTER_KEY_FILE: join(folder, 'master.key'),
    ...database.env,
    ...options.env,
  }
  const env = readEnv(variables)
  let nowS = Math.floor(Date.now() / 1_000)
  const log: string[] = []
  const gateway = await composeGateway(env, {
    ...(options.allocationPace === undefined ? {} : { allocationPace: options.allocationPace }),
    clock: { nowS: () => nowS },
    log: pino({ level: 'info' }, new Writable({ write: (line, _encoding, done) => done(void log.push(String(line))) })),
  })
  while (options.rpcUrl === undefined && !gateway.chain.isCaughtUp()) await gateway.chain.refresh()
  while (!gateway.bridge.isReachable()) await sleep(20)
  const server = await buildServer(gateway)
  await server.listen({ host: '127.0.0.1', port: 0 })
  const origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  const account = (label: string): LocalAccountWithKey => {
    const found = accounts.find((known) => known.label === label)
    if (found === undefined) throw new RangeError(`no local account is called ${label}`)
    return found
  }
  return {
    gateway,
    variables,
    origin,
    deployment,
    accounts,
    governance: govern(gateway, localAccount(rpcUrl, accounts, 'Governance'), (label) => account(label).address),
    log,
    account,
    everyRow: () => everyRow(gateway),
    pass: (seconds) => {
      nowS += seconds
    },
    signIn: (label) => signIn({ origin, publicOrigin: env.PUBLIC_ORIGIN, rpcUrl, accounts, account: account(label) }),
    stop: async () => {
      await server.close()
      await gateway.stop()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Every label of the local network that the records tests use. */
export const LABELS = {
  mercy: 'Mercy General, records office',
  stclare: 'St. Clare, records office',
  lakeside: 'Lakeside, records office',
  research: 'Northgate, researcher',
  patient: 'Patient 1',
  otherPatient: 'Patient 2',
  thirdPatient: 'Patient 3',
} as const

/** The steps of a sign-in, each as a browser makes it. */
export async function challenge(
  origin: string,
  account: AccountAddress,
): Promise<{ nonce: string; expiresAtS: number; typedData: TypedData }> {
  const answer = await post(`${origin}/api/auth/challenge`, { account })
  const { nonce, expiresAtS, typedData } = challengeSchema.parse(await answer.json())
  return { nonce, expiresAtS, typedData: typedData as TypedData }
}

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
}

/** Signs typed data with a local account's key: r and s. */
export async function sign(
  rpcUrl: string,
  accounts: readonly LocalAccountWithKey[],
  label: string,
  typedData: TypedData,
): Promise<string[]> {
  const signature = await localAccount(rpcUrl, accounts, label).signMessage(typedData)
  return Array.isArray(signature) ? signature.map(String) : [`0x${signature.r.toString(16)}`, `0x${signature.s.toString(16)}`]
}

async function signIn(how: {
  origin: string
  publicOrigin: string
  rpcUrl: string
  accounts: readonly LocalAccountWithKey[]
  account: LocalAccountWithKey
}): Promise<Client> {
  const { origin, publicOrigin, rpcUrl, accounts, account } = how
  const { nonce, typedData } = await challenge(origin, account.address)
  const signature = await sign(rpcUrl, accounts, account.label, typedData)
  const answer = await post(`${origin}/api/auth/session`, { account: account.address, nonce, signature }, { origin: publicOrigin })
  const session = sessionSchema.parse(await answer.json())
  const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
  const send = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${origin}/api${path}`, { ...init, headers: { authorization: `Bearer ${session.accessToken}`, ...init.headers } })
  return {
    session,
    cookie,
    send,
    json: async (method, path, body) => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      const response = await send(path, { method, ...sent })
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    },
  }
}

/** Governance's hand on the contracts. */
function govern(gateway: Gateway, owner: Account, address: (label: string) => AccountAddress): RecordsStage['governance'] {
  const chain = gateway.deployment
  const settled = async (sent: Promise<Felt>): Promise<void> => {
    await waitForTransaction(chain, await sent)
    await gateway.chain.refresh()
  }
  return {
    suspend: (slug) => settled(suspendOrganisation(owner, chain, { organisation: slugToOrganisationId(slug) })),
    reinstate: (slug) => settled(reinstateOrganisation(owner, chain, { organisation: slugToOrganisationId(slug) })),
    removeOperator: (label) => settled(removeOperator(owner, chain, { operator: address(label) })),
    addOperator: (slug, label) =>
      settled(addOperator(owner, chain, { organisation: slugToOrganisationId(slug), operator: address(label) })),
  }
}

/** Every row of every table of every schema, as text with bytes both in hex and as letters. */
async function everyRow(gateway: Gateway): Promise<string[]> {
  const { z } = await import('zod')
  const schemas = ['shared', ...gateway.tenants.all.map(({ slug }) => `t_${slug}`)]
  return gateway.database.inShared(async (tx) => {
    const tables = await tx.rows(
      z.object({ table_schema: z.string(), table_name: z.string() }),
      'SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = ANY($1)',
      [schemas],
    )
    const rows: string[] = []
    for (const { table_schema, table_name } of tables) {
      const found = await tx.rows(z.record(z.string(), z.unknown()), `SELECT * FROM "${table_schema}"."${table_name}"`)
      for (const row of found) {
        const values = Object.entries(row).map(([column, value]) =>
          value instanceof Uint8Array
            ? `${column}=${Buffer.from(value).toString('hex')}|${Buffer.from(value).toString('latin1')}`
            : `${column}=${JSON.stringify(value)}`,
        )
        rows.push(`${table_schema}.${table_name} ${values.join(' ')}`)
      }
    }
    return rows
  })
}
