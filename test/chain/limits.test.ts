import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { poseidonHash } from '@scure/starknet'
import { stark } from 'starknet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { batchTimeS, entriesOf } from './access/entries.ts'
import { type Market, raiseMarket } from './access/market.ts'
import { type Order, orderFelts, orderMessage, submitSigned } from './access/orders.ts'
import { membershipFelts, openingFelts, openingFor } from './access/shapes.ts'
import { batchedLeaf, batchLeaf, type EntryRecord, peakPath, placeOf, sparseRoot } from './access/trees.ts'
import { callTo, refusalOf, type Sent, type Value } from './access/world.ts'

// Everything that grows has an end: what one transaction can ask for fits the network, and nothing gets dearer because others used it before.

/** What the network lets one transaction do. */
const NETWORK = { events: 1_000, calldata: 5_000, l2Gas: 1_000_000_000 } as const
const PATIENT = 'Patient 1'
const GATEWAY = 'Gateway of Mercy General'
const NOTHING: Order = { revoke: [], replace: [], grant: [] }

let market: Market
let patient: string
beforeAll(async () => {
  market = await raiseMarket()
  const { world, hospital, people } = market
  patient = world.as(PATIENT).address
  await world.act(people.owner, [callTo(world.contracts.participants, 'add_operator', [hospital, world.as(GATEWAY).address])])
}, 120_000)
afterAll(() => market.world.devnet.stop())

let last = 2n ** 200n
const fresh = (count: number): bigint[] => Array.from({ length: count }, () => ++last)
const pairs = (old: readonly bigint[]): Order['replace'] => old.map((each) => ({ old: each, new: ++last }))
const submit = (order: Partial<Order>) =>
  market.world.send([callTo(market.world.contracts.consentRegistry, 'submit', [patient, ...orderFelts({ ...NOTHING, ...order })])], PATIENT)

/** Checks a transaction against the network's limits; gives its share of them. */
async function fits({ hash, events, l2Gas }: Sent): Promise<{ events: number; calldata: number; l2Gas: number }> {
  const { calldata } = (await market.world.as(PATIENT).provider.getTransactionByHash(hash)) as { calldata: string[] }
  const size = { events: events.length, calldata: calldata.length, l2Gas }
  expect(size.events).toBeLessThanOrEqual(NETWORK.events)
  expect(size.calldata).toBeLessThanOrEqual(NETWORK.calldata)
  expect(size.l2Gas).toBeLessThanOrEqual(NETWORK.l2Gas)
  return size
}

describe('an order', () => {
  test('of a hundred grants, then a hundred replacements, then a hundred revocations: one transaction each', async () => {
    const grant = fresh(100)
    const replace = pairs(grant)
    for (const order of [{ grant }, { replace }, { revoke: replace.map((each) => each.new) }]) {
      // The account and the token that pays for the transaction have no event of their own but the fee's.
      expect((await fits(await submit(order))).events).toBeLessThanOrEqual(102)
    }
    const registry = market.world.contracts.consentRegistry
    const statuses = await Promise.all(
      [grant[0], grant[99], replace[0]?.new, replace[99]?.new].map((each) => market.world.view(registry, 'state', [patient, each ?? 0n])),
    )
    expect(statuses.map(([status]) => status)).toEqual([3n, 3n, 2n, 2n])
  })

  test('of 300 changes of any kind is the largest, and fits the network', async () => {
    const grant = fresh(300)
    const replace = pairs(grant)
    const next = replace.map((each) => each.new)
    await fits(await submit({ grant }))
    await fits(await submit({ replace }))
    await fits(await submit({ revoke: next.slice(0, 100), replace: pairs(next.slice(100, 200)), grant: fresh(100) }))
    await fits(await submit({ revoke: next.slice(200), replace: [], grant: fresh(200) }))
  }, 120_000)

  test('of 301 is refused, whatever it is made of', async () => {
    const old = fresh(101)
    await submit({ grant: old })
    expect(await refusalOf(submit({ grant: fresh(301) }))).toBe('Consent: order too large')
    expect(await refusalOf(submit({ revoke: fresh(301) }))).toBe('Consent: order too large')
    expect(await refusalOf(submit({ replace: pairs(fresh(301)) }))).toBe('Consent: order too large')
    expect(await refusalOf(submit({ revoke: old, replace: pairs(fresh(100)), grant: fresh(100) }))).toBe('Consent: order too large')
    expect(await refusalOf(submit({}))).toBe('Consent: empty order')
  })

  test('of 300 that is signed fits as well, with its nonce; of 301 is refused', async () => {
    const { world } = market
    const registry = world.contracts.consentRegistry
    const bring = async (order: Order) => {
      const unsigned = {
        registry,
        patient,
        signer: patient,
        order,
        nonce: (await world.view(registry, 'nonce_of', [patient]))[0] ?? 0n,
        deadlineS: 2n ** 40n,
      }
      const signed = await world.as(PATIENT).signMessage(orderMessage(world.chainId, unsigned))
      return await world.send([submitSigned({ ...unsigned, signature: stark.signatureToHexArray(signed).map(BigInt) })], GATEWAY)
    }
    const grant = fresh(300)
    await bring({ ...NOTHING, grant })
    await fits(await bring({ ...NOTHING, replace: pairs(grant) }))
    expect(await refusalOf(bring({ ...NOTHING, grant: fresh(301) }))).toBe('Consent: order too large')
  }, 120_000)

  test('is smaller than what the network stops: four of the largest in one transaction are too many events', async () => {
    const registry = market.world.contracts.consentRegistry
    const orders = [1, 2, 3, 4].map(() => callTo(registry, 'submit', [patient, ...orderFelts({ ...NOTHING, grant: fresh(300) })]))
    expect(await refusalOf(market.world.send(orders, PATIENT))).toMatch(/exceeded the maximum number of events/i)
  }, 120_000)
})

describe('a bundle', () => {
  const climb = (leaf: bigint, index: number, path: readonly bigint[]): bigint =>
    path.reduce((hash, sibling, level) => ((index >> level) % 2 === 0 ? poseidonHash(hash, sibling) : poseidonHash(sibling, hash)), leaf)

  test('of 65,536 consents, a path of 16, is the largest: its members are paid for and revoked one by one; 17 is refused', async () => {
    const { world, people, pool } = market
    const registry = world.contracts.consentRegistry
    const opening = openingFor(market.office, 0xb00n)
    const [leaf = 0n] = await world.view(registry, 'commit', [people.patient, ...openingFelts(opening)])
    const [index, path] = [40_123, fresh(16)]
    const membership = { index, path }
    const longer = { index, path: [...path, 1n] }
    await world.act(
      people.patient,
      [16, 17].map((depth) => callTo(registry, 'grant', [climb(leaf, index, longer.path.slice(0, depth))])),
    )

    const decide = (given: typeof membership) =>
      world.view(registry, 'decide', [people.patient, ...openingFelts({ ...opening, membership: given }), market.office, 36])
    expect(await decide(membership)).toEqual([1n])
    expect(await refusalOf(decide(longer))).toBe('Consent: path too long')
    expect(await refusalOf(decide({ index: 65_536 + index, path }))).toBe('Consent: bad membership')
    expect(await decide({ index: index ^ 1, path })).toEqual([2n])

    const [token = ''] = await world.deploy('TestToken', [])
    await market.stock(token)
    const study = await market.open(token, 10_000n)
    const asked = await market.ask(study)
    const settle = (given: typeof membership) => [asked.id, asked.digest, ...openingFelts({ ...opening, membership: given }), 0xe1n]
    expect(await refusalOf(market.act('hospital', 'settle', settle(longer)))).toBe('Consent: path too long')
    await fits(await world.act(people.hospital, [callTo(pool, 'settle', settle(membership))]))

    const revoke = (given: typeof membership) =>
      world.act(people.patient, [callTo(registry, 'revoke_member', [people.patient, leaf, ...membershipFelts(given)])])
    expect(await refusalOf(revoke(longer))).toBe('Consent: path too long')
    await revoke(membership)
    expect(await decide(membership)).toEqual([3n])
  })
})

describe('a dispute', () => {
  test('of an entry among 64 records of a batch with 40 siblings fits; 65 records or 41 siblings are in no log', async () => {
    const { world, hospital } = market
    const log = world.contracts.accessLog
    const place = { chainId: world.chainId, accessLog: log }
    const record = (digest: number): EntryRecord => ({ kind: 1, reference: 0n, digest: BigInt(digest) })
    const records = Array.from({ length: 65 }, (_, index) => record(index + 1))
    const siblings = fresh(41)
    const rootOf = (count: number) =>
      sparseRoot(batchedLeaf(patient, 0x5an, records.slice(0, count)), placeOf(patient), siblings.slice(0, 40))
    const roots = [rootOf(64), rootOf(65), ...fresh(125)]
    const appended = await world.send(
      roots.map((root) => callTo(log, 'append_batch', [root])),
      GATEWAY,
    )
    await fits(appended)
    const timeS = batchTimeS(appended)
    const leaves = roots.map((root, index) => batchLeaf(place, BigInt(index + 1), hospital, root, timeS))
    const entry = (batch: number, count: number, which: number, levels: number): Value[] => {
      const path = peakPath(leaves, batch - 1)
      const flat = records.slice(0, count).flatMap(({ kind, reference, digest }) => [kind, reference, digest])
      return [
        batch,
        hospital,
        roots[batch - 1] ?? 0n,
        timeS,
        path.length,
        ...path,
        0x5a,
        count,
        ...flat,
        which,
        2n ** BigInt(levels) - 1n,
        levels,
        ...siblings.slice(0, levels),
      ]
    }
    const includes = (felts: Value[]) => world.view(log, 'includes_batched', [patient, ...felts])
    expect(await includes(entry(1, 64, 63, 40))).toEqual([1n])
    expect(await includes(entry(2, 65, 63, 40))).toEqual([0n])
    expect(await includes(entry(1, 64, 64, 40))).toEqual([0n])
    expect(await includes(entry(1, 64, 63, 41))).toEqual([0n])
    expect(await includes(entry(1, 64, 63, 39))).toEqual([0n])
    expect(await includes(entry(1, 63, 62, 40))).toEqual([0n])

    const dispute = (felts: Value[]) => world.send([callTo(log, 'dispute_batched', [...felts, 0x57])], PATIENT)
    expect(await refusalOf(dispute(entry(2, 65, 0, 40)))).toBe('Log: not in the log')
    for (const which of [0, 63]) await fits(await dispute(entry(1, 64, which, 40)))
    expect(await refusalOf(dispute(entry(1, 64, 63, 40)))).toBe('Log: already disputed')
  })
})

describe('a claim of many tokens', () => {
  test('of 50 is the largest, and fits the network; 51 and none are refused', async () => {
    const { world, people, pool } = market
    const tokens = await world.deploy('TestToken', [], 51)
    await world.send(tokens.map((token) => callTo(token, 'mint', [people.researcher, 10_000, 0])))
    await world.act(
      people.researcher,
      tokens.map((token) => callTo(token, 'approve', [pool, 10_000, 0])),
    )
    for (const token of tokens) await market.settle(await market.ask(await market.open(token, 10_000n)))
    expect(await refusalOf(market.act('patient', 'claim_many', [51, ...tokens]))).toBe('Pool: too many tokens')
    expect(await refusalOf(market.act('patient', 'claim_many', [0]))).toBe('Pool: no tokens')
    const sent = await market.act('patient', 'claim_many', [50, ...tokens.slice(0, 50)])
    // An ordinary token has an event of its own for each transfer; this one has none.
    expect((await fits(sent)).events + 50).toBeLessThanOrEqual(NETWORK.events)
    const balances = await Promise.all(tokens.map((token) => market.balance(token, people.patient)))
    expect(balances).toEqual([...Array.from({ length: 50 }, () => 750n), 0n])
  }, 120_000)

  test('that names one token fifty times pays once', async () => {
    const [token = ''] = await market.world.deploy('TestToken', [])
    await market.stock(token)
    await market.settle(await market.ask(await market.open(token, 10_000n)))
    await market.act('patient', 'claim_many', [50, ...Array.from({ length: 50 }, () => token)])
    expect(await market.balance(token, market.people.patient)).toBe(750n)
    expect(await market.books(token)).toEqual({ liabilities: 9_250n, held: 9_250n })
  })
})

describe('a log that grows', () => {
  /** L2 gas of what comes on top of a transaction with an empty view. */
  async function gasOf(call: ReturnType<typeof callTo>, label: string): Promise<number> {
    const { world } = market
    const empty = await world.send([callTo(world.contracts.accessLog, 'batches')], label)
    return (await world.send([call], label)).l2Gas - empty.l2Gas
  }

  // An append joins as many nodes as there are ones at the end of the number of leaves before it: 1 at the tenth, 3 at the 1,000th, 10 at the
  // 1,024th, which also opens a new slot. On average it is one, however long the log.
  test('costs for the 1,000th entry at most 1.2 times the tenth, and for the 1,024th, the dearest so far, at most 3 times', async () => {
    const { world } = market
    const log = world.contracts.accessLog
    const subject = world.as('Patient 2').address
    let count = 0
    const append = () => callTo(log, 'append', [subject, 1, ++count])
    const appendUntil = async (end: number) => {
      while (count < end) await world.send(Array.from({ length: Math.min(100, end - count) }, append), GATEWAY)
    }
    const at: Record<number, number> = {}
    for (const index of [10, 1_000, 1_024]) {
      await appendUntil(index - 1)
      at[index] = await gasOf(append(), GATEWAY)
    }
    const [tenth = 0, thousandth = 0, dearest = 0] = [at[10], at[1_000], at[1_024]]
    expect(tenth).toBeGreaterThan(100_000)
    expect(thousandth / tenth).toBeLessThan(1.2)
    expect(dearest / tenth).toBeLessThan(3)

    // The first of 1,027 has the longest way up, and can still be disputed for little.
    await appendUntil(1_027)
    const entry = entriesOf(await world.eventsOf(log), { chainId: world.chainId, accessLog: log }, subject)
    expect(await world.view(log, 'log_of', [subject])).toEqual([1_027n, expect.any(BigInt)])
    for (const index of [1, 512, 1_024, 1_025, 1_026, 1_027])
      expect(await world.view(log, 'includes_single', [subject, ...entry(index)])).toEqual([1n])
    expect(await gasOf(callTo(log, 'dispute_single', [...entry(1), 0x57]), 'Patient 2')).toBeLessThan(5_000_000)
  }, 120_000)
})

describe('loops', () => {
  /** Where the contracts repeat something, and what ends it. */
  const ENDS: Readonly<Record<string, readonly string[]>> = {
    'access_log.cairo': [
      'one turn a level of a tree: at most 64',
      'one turn a level of a tree: at most 64',
      'records of one patient: at most 64 when it counts',
    ],
    'consent_registry.cairo': [
      'revocations of an order: at most 300',
      'replacements of an order: at most 300',
      'grants of an order: at most 300',
    ],
    'merkle.cairo': [
      'a path: at most 16 in a bundle, the height of its peak in a log',
      'one turn a level of a tree: at most 64',
      '40 levels',
    ],
    'orders.cairo': ['replacements of an order, as many as the transaction brings'],
    'reward_pool.cairo': ['tokens of a claim: at most 50'],
  }

  test('are known, each with its end: a new one has to be written down here', () => {
    const folder = join(import.meta.dirname, '../../contracts/cairo')
    const sources = readdirSync(folder).filter((name) => name.endsWith('.cairo'))
    const found = sources.map(
      (name) => [name, readFileSync(join(folder, name), 'utf8').match(/^\s*(?:while|loop|for) [^;]*\{$/gm)?.length ?? 0] as const,
    )
    expect(Object.fromEntries(found.filter(([, loops]) => loops > 0))).toEqual(
      Object.fromEntries(Object.entries(ENDS).map(([name, ends]) => [name, ends.length])),
    )
  })
})
