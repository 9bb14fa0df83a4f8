import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AccountQueue,
  type ChainEvent,
  ChainUnreachableError,
  type Cursor,
  cursorSchema,
  type Deployment,
  type EventBatch,
  EventReader,
  grantConsent,
  grantConsentCalls,
  readConsentState,
  replaceConsent,
  revokeConsent,
  waitForTransaction,
  watchHeads,
} from '@medsync/chain'
import { type Commitment, felt } from '@medsync/protocol'
import { type Devnet, deployMedsync, devnetRpc, type LocalDeployment, localAccount, startDevnet } from '@medsync/testing'
import type { Account } from 'starknet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDemandDevnet } from './chain-demandDevnet.ts'

let next = 1_000
const commitment = (): Commitment => felt(next++)

/** What a reader's owner keeps: all events, and the cursor they belong to. */
class Kept {
  events: ChainEvent[] = []
  cursor: Cursor
  constructor(reader: EventReader) {
    this.cursor = reader.start()
  }
  store(batch: EventBatch): void {
    this.events =
      batch.kind === 'events' ? [...this.events, ...batch.events] : this.events.filter(({ at }) => at.blockNumber <= batch.toBlock)
    this.cursor = cursorSchema.parse(JSON.parse(JSON.stringify(batch.cursor)))
  }
  async catchUp(reader: EventReader): Promise<EventBatch['kind'][]> {
    const kinds: EventBatch['kind'][] = []
    for await (const batch of reader.read(this.cursor)) {
      this.store(batch)
      kinds.push(batch.kind)
    }
    return kinds
  }
  consents(): string[] {
    return this.events.flatMap((event) => (event.type === 'ConsentGranted' ? [event.commitment] : []))
  }
}

async function setUp(devnet: { rpcUrl: string }): Promise<LocalDeployment & { deployment: Deployment; patient: Account }> {
  const local = await deployMedsync(devnet)
  return { ...local, patient: localAccount(devnet.rpcUrl, local.accounts, 'Patient 1') }
}

describe('events of a chain that grows', () => {
  let devnet: Devnet
  let local: Awaited<ReturnType<typeof setUp>>

  beforeAll(async () => {
    devnet = await startDevnet({ stateArchive: true })
    local = await setUp(devnet)
  })
  afterAll(() => devnet.stop())

  test('are read once each, in order, whatever the size of batches and pages', async () => {
    const granted = [commitment(), commitment(), commitment()]
    for (const one of granted)
      await waitForTransaction(local.deployment, await grantConsent(local.patient, local.deployment, { commitment: one }))
    const whole = new Kept(new EventReader(local.deployment))
    await whole.catchUp(new EventReader(local.deployment))
    const reader = new EventReader(local.deployment, { batchBlocks: 2, pageSize: 1 })
    const pieces = new Kept(reader)
    await pieces.catchUp(reader)
    expect(pieces.events).toEqual(whole.events)
    expect(whole.consents()).toEqual(granted)
    const places = whole.events.map(({ at }) => [at.blockNumber, at.transactionIndex, at.eventIndex])
    expect(places).toEqual([...places].sort(([a = 0, b = 0, c = 0], [x = 0, y = 0, z = 0]) => a - x || b - y || c - z))
    expect(await pieces.catchUp(reader)).toEqual([])
  })

  test('go on where another reader stopped, after its cursor went through JSON', async () => {
    const first = new Kept(new EventReader(local.deployment))
    await first.catchUp(new EventReader(local.deployment))
    const later = commitment()
    await waitForTransaction(local.deployment, await grantConsent(local.patient, local.deployment, { commitment: later }))
    const before = first.events.length
    expect(await first.catchUp(new EventReader(local.deployment))).toEqual(['events'])
    expect(first.events.slice(before).map(({ type }) => type)).toEqual(['ConsentGranted'])
  })

  test('carry their whole meaning', async () => {
    const [old, fresh] = [commitment(), commitment()]
    await waitForTransaction(local.deployment, await grantConsent(local.patient, local.deployment, { commitment: old }))
    const reader = new EventReader(local.deployment)
    const kept = new Kept(reader)
    await kept.catchUp(reader)
    const transaction = await replaceConsent(local.patient, local.deployment, { old, new: fresh })
    const { blockNumber } = await waitForTransaction(local.deployment, transaction)
    const from = kept.events.length
    await kept.catchUp(reader)
    const state = await readConsentState(local.deployment, felt(local.patient.address), old)
    expect(kept.events.slice(from)).toEqual([
      {
        type: 'ConsentReplaced',
        patient: felt(local.patient.address),
        old,
        new: fresh,
        replacedAtS: state.endedAtS,
        at: { blockNumber, transactionIndex: 0, eventIndex: 0, transaction },
      },
    ])
    expect(state.status).toBe('replaced')
  })

  test('are taken back when the chain is reorganised, to the last block that still stands', async () => {
    const reader = new EventReader(local.deployment, { batchBlocks: 3 })
    const kept = new Kept(reader)
    const stays = commitment()
    await waitForTransaction(local.deployment, await grantConsent(local.patient, local.deployment, { commitment: stays }))
    await kept.catchUp(reader)
    const goes = [commitment(), commitment()]
    let firstBlock = 0
    for (const one of goes) {
      const { blockNumber } = await waitForTransaction(
        local.deployment,
        await grantConsent(local.patient, local.deployment, { commitment: one }),
      )
      firstBlock ||= blockNumber
      await kept.catchUp(reader)
    }
    await devnetRpc(devnet.rpcUrl, 'devnet_abortBlocks', { starting_block_id: { block_number: firstBlock } })
    const comes = commitment()
    await waitForTransaction(local.deployment, await grantConsent(local.patient, local.deployment, { commitment: comes }))
    expect(await kept.catchUp(reader)).toEqual(['rollback', 'events'])
    expect(kept.consents()).toContain(stays)
    expect(kept.consents()).toContain(comes)
    expect(kept.consents().filter((one) => goes.includes(felt(one)))).toEqual([])
    const fresh = new Kept(reader)
    await fresh.catchUp(reader)
    expect(kept.events).toEqual(fresh.events)
  })

  test('a reorganisation deeper than the cursor remembers is read from the start again', async () => {
    const reader = new EventReader(local.deployment, { batchBlocks: 2 })
    const kept = new Kept(reader)
    await kept.catchUp(reader)
    const forgetful: Cursor = { ...kept.cursor, recent: kept.cursor.recent.slice(-1) }
    const last = forgetful.blockNumber
    await devnetRpc(devnet.rpcUrl, 'devnet_abortBlocks', { starting_block_id: { block_number: last } })
    const batch = await reader.next(forgetful)
    expect(batch).toEqual({ kind: 'rollback', toBlock: local.deployment.startBlock - 1, cursor: reader.start() })
  })

  test('a node with a WebSocket tells of each block, until told to stop', async () => {
    const stopping = new AbortController()
    const { promise, resolve } = Promise.withResolvers<void>()
    const watching = watchHeads(devnet.wsUrl, resolve, stopping.signal)
    const told = Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new RangeError('nothing was told')), 10_000))])
    const granting = setInterval(
      () => void grantConsent(local.patient, local.deployment, { commitment: commitment() }).catch(() => undefined),
      200,
    )
    await told
    clearInterval(granting)
    stopping.abort()
    await watching
  })

  test('stop to come when told to', async () => {
    const reader = new EventReader(local.deployment)
    await expect(reader.next(reader.start(), { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  })
})

describe('one account', () => {
  let devnet: Devnet
  let local: Awaited<ReturnType<typeof setUp>>

  beforeAll(async () => {
    devnet = await startDevnet()
    local = await setUp(devnet)
  })
  afterAll(() => devnet.stop())

  test('sends forty transactions at once without colliding with itself, and finds its way after somebody else used its nonce', async () => {
    const queue = new AccountQueue(local.patient, local.deployment)
    const grants = Array.from({ length: 40 }, commitment)
    const receipts = await Promise.all(grants.map((one) => queue.run('grant', grantConsentCalls(local.deployment, { commitment: one }))))
    expect(new Set(receipts.map(({ transaction }) => transaction)).size).toBe(40)
    await waitForTransaction(local.deployment, await grantConsent(local.patient, local.deployment, { commitment: commitment() }))
    const after = commitment()
    await queue.run('grant', grantConsentCalls(local.deployment, { commitment: after }))
    expect((await readConsentState(local.deployment, felt(local.patient.address), after)).status).toBe('active')
  })

  test('error: a call that the contract refuses fails with its words, and the next one goes through', async () => {
    const queue = new AccountQueue(local.patient, local.deployment)
    const twice = commitment()
    const calls = grantConsentCalls(local.deployment, { commitment: twice })
    await queue.run('grant', calls)
    await expect(queue.run('grant', calls)).rejects.toMatchObject({ code: 'Consent: already used' })
    await expect(new AccountQueue(local.patient, local.deployment).run('grant', calls)).rejects.toMatchObject({
      code: 'Consent: already used',
    })
    await queue.run('grant', grantConsentCalls(local.deployment, { commitment: commitment() }))
  })

  test('error: a node that is not there is unreachable, for reads, events and transactions alike', async () => {
    const gone: Deployment = { ...local.deployment, rpcUrl: 'http://127.0.0.1:9/rpc' }
    const reader = new EventReader(gone)
    await expect(reader.next(reader.start())).rejects.toBeInstanceOf(ChainUnreachableError)
    await expect(readConsentState(gone, felt(1), felt(2))).rejects.toBeInstanceOf(ChainUnreachableError)
    await expect(new AccountQueue(local.patient, gone).run('grant', [])).rejects.toBeInstanceOf(ChainUnreachableError)
  })
})

describe('a node that comes back from its dump', () => {
  test('gives its blocks new times: everything is read again and fits the chain', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medsync-dump-'))
    const dumpPath = join(folder, 'chain.dump')
    let devnet = await startDevnet({ dumpPath })
    try {
      const local = await setUp(devnet)
      const granted = commitment()
      await waitForTransaction(local.deployment, await grantConsent(local.patient, local.deployment, { commitment: granted }))
      const reader = new EventReader(local.deployment)
      const kept = new Kept(reader)
      await kept.catchUp(reader)
      await devnet.stop()
      await expect(reader.next(kept.cursor)).rejects.toBeInstanceOf(ChainUnreachableError)
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      devnet = await startDevnet({ dumpPath, port: devnet.port })
      expect(await kept.catchUp(reader)).toEqual(['rollback', 'events'])
      const { grantedAtS } = await readConsentState(local.deployment, felt(local.patient.address), granted)
      expect(kept.events.find((event) => event.type === 'ConsentGranted' && event.commitment === granted)).toMatchObject({ grantedAtS })
    } finally {
      await devnet.stop()
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('what is pre-confirmed', () => {
  let devnet: Awaited<ReturnType<typeof startDemandDevnet>>
  afterAll(() => devnet.stop())

  test('a revocation is seen before it is in a block, a block later it is an event', async () => {
    devnet = await startDemandDevnet()
    const timer = setInterval(() => void devnetRpc(devnet.rpcUrl, 'devnet_createBlock').catch(() => undefined), 20)
    const local = await setUp(devnet)
    const granted = commitment()
    await waitForTransaction(local.deployment, await grantConsent(local.patient, local.deployment, { commitment: granted }))
    clearInterval(timer)
    const reader = new EventReader(local.deployment)
    const kept = new Kept(reader)
    await kept.catchUp(reader)
    expect(await reader.pending()).toEqual([])
    const transaction = await revokeConsent(local.patient, local.deployment, { commitment: granted })
    expect(await reader.pending()).toEqual([
      { type: 'ConsentRevoked', patient: felt(local.patient.address), commitment: granted, revokedAtS: expect.any(Number), transaction },
    ])
    expect(await kept.catchUp(reader)).toEqual([])
    await devnetRpc(devnet.rpcUrl, 'devnet_createBlock')
    expect(await reader.pending()).toEqual([])
    expect(await kept.catchUp(reader)).toEqual(['events'])
    expect(kept.events.at(-1)).toMatchObject({ type: 'ConsentRevoked', commitment: granted })
  })
})
