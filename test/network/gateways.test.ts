import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Deployment } from '@medsync/chain'
import type { NewFiledTerms } from '@medsync/context'
import { circleFileSchema, composeGateway, type Gateway, readEnv } from '@medsync/gateway'
import { commitConsent, felt, recordIdSchema, slugToOrganisationId, ZERO } from '@medsync/protocol'
import { type Devnet, deployMedsync, type LocalAccountWithKey, localOrganisations, startDevnet } from '@medsync/testing'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runCircle } from '../../scripts/circle/runCircle.ts'
import { type RunningNode, startNode } from '../../scripts/nodes/startNode.ts'
import { freePort, freePortRange } from '../../scripts/processes/ports.ts'
import { describeNetwork, nodeBinary, PATIENTLY } from './networkStage.ts'

const MERCY = slugToOrganisationId('mercy')
const LAKESIDE = slugToOrganisationId('lakeside')
const NORTHGATE = slugToOrganisationId('northgate')

describeNetwork('two hospitals, each with a gateway and a node of its own', () => {
  let folder: string
  let devnet: Devnet
  let deployment: Deployment
  let accounts: readonly LocalAccountWithKey[]
  const nodes: RunningNode[] = []
  const gateways: Gateway[] = []
  const at = (...path: string[]): string => join(folder, ...path)
  let patient = 0x7000
  let ours: Gateway
  let theirs: Gateway

  beforeAll(async () => {
    vi.spyOn(console, 'log').mockReturnValue()
    folder = await mkdtemp(join(tmpdir(), 'medsync-gateways-'))
    devnet = await startDevnet()
    const local = await deployMedsync(devnet)
    deployment = local.deployment
    accounts = local.accounts
    await writeFile(at('deployment.json'), JSON.stringify(deployment))
    await startOne('mercy', [])
    await startOne('lakeside', [nodes[0]?.peerAddress ?? ''])
    await runCircle({ command: 'found', node: at('mercy', 'node'), as: 'mercy', kind: 'hospital', file: at('mercy', 'context.json') })
    ours = await startGateway('mercy', ['mercy', 'northgate'])
    await vi.waitFor(() => expect(ours.bridge.isReachable()).toBe(true), PATIENTLY)
  }, 120_000)

  afterAll(async () => {
    for (const gateway of gateways) await gateway.stop()
    for (const node of nodes) await node.stop()
    await devnet?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function startOne(slug: string, bootstrap: string[]): Promise<void> {
    await mkdir(at(slug))
    const serverPort = await freePortRange(2)
    const place = { serverPort, swarmPort: serverPort + 1, bootstrap, logPath: at(slug, 'node.log') }
    nodes.push(await startNode({ binary: nodeBinary, home: at(slug, 'node'), ...place }))
  }

  async function startGateway(slug: string, tenants: string[]): Promise<Gateway> {
    await writeFile(at(slug, 'tenants.json'), JSON.stringify(tenants.map(tenantOf)), { mode: 0o600 })
    await writeFile(at(slug, 'master.key'), randomBytes(32).toString('hex'), { mode: 0o600 })
    const env = readEnv({
      GATEWAY_PORT: String(await freePort()),
      PUBLIC_ORIGIN: 'http://127.0.0.1',
      DATABASE_DIR: at(slug, 'database'),
      DEPLOYMENT_FILE: at('deployment.json'),
      TENANTS_FILE: at(slug, 'tenants.json'),
      MASTER_KEY_FILE: at(slug, 'master.key'),
      FOLLOW_EVERY_MS: '100',
      CONTEXT_ENGINE: 'calimero',
      CONTEXT_FILE: at(slug, 'context.json'),
    })
    const gateway = await composeGateway(env, { log: pino({ level: 'silent' }) })
    gateways.push(gateway)
    return gateway
  }

  function tenantOf(slug: string): object {
    const { name, role } = localOrganisations.find((each) => each.slug === slug) ?? {}
    const { address, privateKey } = gatewayOf(slug)
    return { organisation: slugToOrganisationId(slug), slug, role, name, operator: { address, privateKey } }
  }

  function gatewayOf(slug: string): LocalAccountWithKey {
    const found = accounts.find(({ plays, organisation }) => plays === 'gateway' && organisation === slug)
    if (found === undefined) throw new RangeError(`${slug} has a gateway`)
    return found
  }

  function newTerms(custodian = ZERO): NewFiledTerms {
    const terms: NewFiledTerms['terms'] = {
      grantee: NORTHGATE,
      purposes: ['HRESCH'],
      notBeforeS: 0,
      expiresAtS: 2_000_000_000,
      categories: ['vitals'],
      dataFromS: 0,
      dataToS: 0,
      custodian,
      sensitivities: [],
    }
    const salts = { grantee: felt(1), purposes: felt(2), period: felt(3), data: felt(4) }
    const place = { chainId: deployment.chainId, registry: deployment.contracts.consentRegistry, patient: felt(patient++) }
    return { ...commitConsent({ ...place, terms, salts }), ...place, terms, salts, nonce: 'aa'.repeat(16), replaces: undefined }
  }

  test('a guest joins by invitation and decides nothing before the keeper has admitted it', async () => {
    await runCircle({ command: 'invite', file: at('mercy', 'context.json'), out: at('invitation.json'), hours: 1 })
    const joining = {
      node: at('lakeside', 'node'),
      as: 'lakeside',
      invitation: at('invitation.json'),
      file: at('lakeside', 'context.json'),
    }
    const printing = vi.spyOn(console, 'log')
    const joined = runCircle({ command: 'join', ...joining })
    const asked = () => /circle -- add .* --executor ([0-9a-f]{64})/.exec(printing.mock.calls.join('\n'))?.[1] ?? ''
    await expect.poll(asked, PATIENTLY).not.toBe('')
    await runCircle({ command: 'add', file: at('mercy', 'context.json'), executor: asked() })
    printing.mockRestore()
    await joined
    theirs = await startGateway('lakeside', ['lakeside'])
    await expect.poll(() => theirs.chain.state.participants.keyOf(gatewayOf('lakeside').address), PATIENTLY).toBeDefined()
    expect(theirs.bridge.isReachable()).toBe(false)
    await expect(theirs.context.fileTerms(newTerms())).rejects.toMatchObject({ code: 'context/unreachable' })
  })

  test('error: a guest whose operator acts for somebody else is not admitted', async () => {
    await expect(admit('mercy')).rejects.toMatchObject({ code: 'circle/operator' })
  })

  test('admitted with the key that its own operator put on chain, it takes part, and both seal to each other', async () => {
    await admit('lakeside')
    await expect.poll(() => theirs.bridge.isReachable(), PATIENTLY).toBe(true)
    await expect.poll(() => theirs.chain.state.participants.keyOf(gatewayOf('mercy').address), PATIENTLY).toBeDefined()
    const toThem = newTerms(LAKESIDE)
    await ours.context.fileTerms(toThem)
    await expect.poll(() => theirs.context.termsByCommitment(toThem.commitment), PATIENTLY).toMatchObject({ terms: toThem.terms })
    const toUs = newTerms(MERCY)
    await theirs.context.fileTerms(toUs)
    await expect.poll(() => ours.context.termsByCommitment(toUs.commitment), PATIENTLY).toMatchObject({ terms: toUs.terms })
    const toUsAlone = newTerms(MERCY)
    await ours.context.fileTerms(toUsAlone)
    const theirCopy = () => theirs.circle.ask('terms_by_commitment', { commitment: toUsAlone.commitment })
    await expect.poll(theirCopy, PATIENTLY).toHaveLength(1)
    expect(await theirs.context.termsByCommitment(toUsAlone.commitment)).toBeUndefined()
  })

  test('a hospital that the patient confirms gets the terms that name no hospital', async () => {
    const open = newTerms()
    await ours.context.fileTerms(open)
    await theirs.context.listRecords(open.patient, [{ hospital: LAKESIDE, record: recordIdSchema.parse(crypto.randomUUID()) }])
    await expect.poll(() => ours.context.hospitalsOf(open.patient), PATIENTLY).toEqual([LAKESIDE])
    expect(await theirs.context.termsByCommitment(open.commitment)).toBeUndefined()
    await ours.context.confirmHospital(open.patient, LAKESIDE)
    await expect.poll(() => theirs.context.termsByCommitment(open.commitment), PATIENTLY).toMatchObject({ terms: open.terms })
  })

  test('a node that goes away is noticed; what was linked meanwhile is listed when it is back', async () => {
    const [, node] = nodes
    await node?.kill()
    await expect.poll(() => theirs.bridge.isReachable(), PATIENTLY).toBe(false)
    await expect(theirs.context.termsByCommitment(newTerms().commitment)).rejects.toMatchObject({ code: 'context/unreachable' })
    const missed = newTerms(LAKESIDE)
    await ours.context.fileTerms(missed)
    const url = new URL(node?.access.url ?? '')
    const place = { serverPort: Number(url.port), swarmPort: Number(url.port) + 1, logPath: at('lakeside', 'node.log') }
    nodes[1] = await startNode({ binary: nodeBinary, home: at('lakeside', 'node'), ...place })
    await expect.poll(() => theirs.bridge.isReachable(), PATIENTLY).toBe(true)
    await expect
      .poll(() => theirs.context.termsByCommitment(missed.commitment).catch(() => undefined), PATIENTLY)
      .toMatchObject({ terms: missed.terms })
  })

  test('removed, it is cut off: nothing new comes, and it says so', async () => {
    await runCircle({ command: 'remove', file: at('mercy', 'context.json'), executor: await guest() })
    await ours.context.fileTerms(newTerms(LAKESIDE))
    expect((await ours.circle.members()).find(({ organisation }) => organisation === LAKESIDE)?.is_active).toBe(false)
    const late = newTerms(LAKESIDE)
    await ours.context.fileTerms(late)
    const [entry] = await ours.circle.ask('terms_by_commitment', { commitment: late.commitment })
    // Mercy, who files, and Northgate, who is granted.
    expect(entry?.parties).toHaveLength(2)
    expect(await theirs.context.termsByCommitment(late.commitment).catch(() => undefined)).toBeUndefined()
  })

  /** The guest's key in the circle, as `join` wrote it down. */
  async function guest(): Promise<string> {
    const { nodes: places } = circleFileSchema.parse(JSON.parse(await readFile(at('lakeside', 'context.json'), 'utf8')))
    return places[0]?.executor ?? ''
  }

  async function admit(operatorOf: string): Promise<void> {
    await runCircle({
      command: 'admit',
      file: at('mercy', 'context.json'),
      executor: await guest(),
      organisation: 'lakeside',
      kind: 'hospital',
      operator: gatewayOf(operatorOf).address,
      deployment: at('deployment.json'),
    })
  }
})
