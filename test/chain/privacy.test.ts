import {
  account,
  batchedLeaf,
  type ConsentOpening,
  commitOpening,
  DOMAINS,
  dataPart,
  entryDigest,
  type Felt,
  felt,
  makeBatch,
  makeBundle,
  orderTypedData,
  poseidon,
  requestDigest,
  statementHash,
  studyDetailsHash,
  studyIdSchema,
} from '@medsync/protocol'
import { poseidonHashMany } from '@scure/starknet'
import { stark } from 'starknet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { devnetRpc } from '../../scripts/devnet/devnetRpc.ts'
import { entriesOf } from './access/entries.ts'
import { type Felts, feltsOfBlocks, SOURCES, whereIs } from './access/felts.ts'
import { type Market, raiseMarket } from './access/market.ts'
import { orderFelts, submitSigned } from './access/orders.ts'
import { DAY_S, openingFelts } from './access/shapes.ts'
import { callTo, type Sent } from './access/world.ts'

// A full run with terms that nobody could mistake: everything that the chain shows of it is read for them.

const PATIENTS = ['Patient 1', 'Patient 2', 'Patient 3'] as const
const TITLE = 'Xylograph quorum of zephyrs'
const STATEMENT = 'I was vexed by jackdaws that night'

/** A consent with marked terms. */
type Marked = {
  readonly commitment: Felt
  readonly opening: ConsentOpening
  /** What a settlement opens: who, what for, when, their salts, and the closed part. */
  readonly opened: Readonly<Record<string, bigint>>
  /** Which data, and what would help to guess it: never opened. */
  readonly closed: Readonly<Record<string, bigint>>
}

let drawn = 0n
/** A number of so many bits that the chain has from nobody else; the same in every run. */
function draw(bits: bigint): bigint {
  drawn += 1n
  return (poseidonHashMany([0x9a4bn, drawn]) % 2n ** (bits - 1n)) + 2n ** (bits - 1n)
}

let market: Market
let office: Felt
let felts: Felts
const named: Record<string, Marked> = {}
const secrets: Record<string, bigint> = {}

const addressOf = (label: string) => account(market.world.as(label).address)
const registry = () => market.world.contracts.consentRegistry

type Terms = Pick<ConsentOpening, 'grantee' | 'purposes' | 'notBeforeS' | 'expiresAtS'> & {
  data: Readonly<Record<'categories' | 'dataFromS' | 'dataToS' | 'custodian' | 'sensitivities', bigint>>
}

/** Terms of a consent that permits research from now on. */
function drawTerms(grantee: Felt = felt(draw(200n))): Terms {
  return {
    grantee,
    purposes: draw(59n) | (1n << 36n),
    notBeforeS: 1_200_000_000 + Number(draw(28n)),
    expiresAtS: 3_000_000_000 + Number(draw(29n)),
    data: { categories: draw(120n), dataFromS: draw(30n), dataToS: draw(31n), custodian: draw(200n), sensitivities: draw(120n) },
  }
}

function mark(label: string, terms: Terms): Marked {
  const salts = { granteeSalt: felt(draw(250n)), purposesSalt: felt(draw(250n)), periodSalt: felt(draw(250n)), dataSalt: felt(draw(250n)) }
  const { data, ...open } = terms
  const provisions = poseidon(DOMAINS.provisions, data.dataFromS, data.dataToS, data.custodian, data.sensitivities)
  const { dataSalt, ...opened } = salts
  const opening: ConsentOpening = { ...open, ...opened, data: dataPart(data.categories, provisions, dataSalt) }
  return {
    commitment: commitOpening({ chainId: felt(market.world.chainId), registry: account(registry()), patient: addressOf(label) }, opening),
    opening,
    opened: Object.fromEntries(Object.entries(opening).map(([part, value]) => [part, BigInt(value as Felt)])),
    closed: { ...data, provisions: BigInt(provisions), dataSalt: BigInt(dataSalt) },
  }
}

const consent = (name: string, label: string, terms: Terms = drawTerms()): Marked => {
  const marked = mark(label, terms)
  named[name] = marked
  return marked
}
const secret = (name: string, bits = 250n): Felt => {
  const value = draw(bits)
  secrets[name] = value
  return felt(value)
}
const send = (label: string, entrypoint: string, args: (string | bigint | number)[]) =>
  market.world.send([callTo(registry(), entrypoint, args)], label)
const grant = (label: string, { commitment }: Marked) => send(label, 'grant', [commitment])
/** A grant in a second of its own: two of the same second share the time in their slots, whatever their terms are. */
async function grantLater(label: string, marked: Marked): Promise<Sent> {
  await devnetRpc(market.world.devnet.rpcUrl, 'devnet_increaseTime', { time: 1 })
  return grant(label, marked)
}
const order = (parts: { revoke?: Marked[]; replace?: [Marked, Marked][]; grant?: Marked[] }) => ({
  revoke: (parts.revoke ?? []).map(({ commitment }) => BigInt(commitment)),
  replace: (parts.replace ?? []).map(([old, next]) => ({ old: BigInt(old.commitment), new: BigInt(next.commitment) })),
  grant: (parts.grant ?? []).map(({ commitment }) => BigInt(commitment)),
})
const openingArgs = ({ opening }: Marked, membership: { index: number; path: readonly bigint[] }) =>
  openingFelts({
    grantee: BigInt(opening.grantee),
    granteeSalt: BigInt(opening.granteeSalt),
    purposes: opening.purposes,
    purposesSalt: BigInt(opening.purposesSalt),
    notBeforeS: BigInt(opening.notBeforeS),
    expiresAtS: BigInt(opening.expiresAtS),
    periodSalt: BigInt(opening.periodSalt),
    data: BigInt(opening.data),
    membership,
  })

/** The whole run: consents in every way there is, a study, paid and refused accesses, a batch, an emergency, a dispute, the end. */
async function run(): Promise<void> {
  const { world, people, hospital, pool } = market
  const [one, two] = PATIENTS
  office = felt(draw(200n))
  const [researcher = ''] = await world.deploy('Puppet', [])
  await world.act(people.owner, [callTo(world.contracts.participants, 'admit', [office, 2, 1, researcher, researcher])])

  // Consents: by call, in an order, signed, by a guardian, in a bundle; some of them replaced or revoked.
  await grant(one, consent('granted by call', one))
  await grant(one, consent('relied on by a refused request', one, drawTerms(office)))
  const batch = {
    grant: [
      consent('granted in an order', one),
      consent('granted in an order and settled', one, drawTerms(office)),
      consent('replaced', one),
    ],
  }
  await send(one, 'submit', [addressOf(one), ...orderFelts(order(batch))])
  const changes = order({
    revoke: [named['granted by call'] as Marked],
    replace: [[named['replaced'] as Marked, consent('that replaced another', one)]],
    grant: [consent('granted by signature', one)],
  })
  const hexes = {
    revoke: changes.revoke.map(felt),
    replace: changes.replace.map((each) => ({ old: felt(each.old), new: felt(each.new) })),
    grant: changes.grant.map(felt),
  }
  const message = {
    chainId: felt(world.chainId),
    registry: account(registry()),
    patient: addressOf(one),
    order: hexes,
    nonce: 0,
    deadlineS: 4_000_000_000,
  }
  const signature = stark.signatureToHexArray(await world.as(one).signMessage(orderTypedData(message))).map(BigInt)
  const signed = {
    registry: registry(),
    patient: addressOf(one),
    signer: addressOf(one),
    order: changes,
    nonce: 0n,
    deadlineS: 4_000_000_000n,
    signature,
  }
  await world.send([submitSigned(signed)], 'Harbour, researcher')
  const bundled = ['settled from a bundle', 'that stayed in a bundle', 'revoked in a bundle', 'last in a bundle']
  const members = bundled.map((name, index) => consent(name, one, drawTerms(index === 0 ? office : undefined)))
  const bundle = makeBundle(members.map(({ commitment }) => commitment))
  const membershipOf = ({ commitment }: Marked) => {
    const { index, path } = bundle.membershipOf(commitment)
    return { index, path: path.map(BigInt) }
  }
  await send(one, 'grant', [bundle.root])
  const [settledMember, , revokedMember] = members
  if (settledMember === undefined || revokedMember === undefined) throw new RangeError('no members')
  const place = membershipOf(revokedMember)
  await send(one, 'revoke_member', [addressOf(one), revokedMember.commitment, place.index, place.path.length, ...place.path])
  await send(two, 'name_guardian', [people.stranger, (await world.nowS()) + DAY_S])
  await world.act(people.stranger, [
    callTo(registry(), 'submit', [addressOf(two), ...orderFelts(order({ grant: [consent('granted by a guardian', two)] }))]),
  ])

  // A study, two paid accesses, a refusal, a request that nobody answers.
  const [token = ''] = await world.deploy('TestToken', [])
  await world.send([callTo(token, 'mint', [researcher, 100_000, 0])])
  await world.act(researcher, [callTo(token, 'approve', [pool, 100_000, 0])])
  const details = {
    title: TITLE,
    summary: TITLE,
    categories: ['vitals' as const],
    dataFromS: Number(secret('from when the study wants data', 30n)),
    dataToS: 0,
  }
  const terms = [
    office,
    36,
    token,
    1_000,
    2_000,
    500,
    9,
    0,
    50,
    (await world.nowS()) + DAY_S,
    DAY_S,
    studyDetailsHash(details, secret('salt of the study')),
  ]
  await world.act(researcher, [callTo(pool, 'open_study', [...terms, 50_000])])
  const ask = async (relied: Marked): Promise<{ id: bigint; digest: Felt }> => {
    const request = {
      study: studyIdSchema.parse(1),
      requester: account(researcher),
      patient: addressOf(one),
      hospital: felt(hospital),
      commitment: relied.commitment,
      categories: ['vitals' as const],
      dataFromS: Number(secret(`from when a request wants data ${drawn}`, 30n)),
      dataToS: 0,
    }
    const digest = requestDigest(request, secret(`salt of a request ${drawn}`))
    await world.act(researcher, [callTo(pool, 'request', [1, addressOf(one), hospital, digest])])
    return { id: (await world.view(pool, 'request_count'))[0] ?? 0n, digest }
  }
  const entryFor = (relied: Marked, kind: 'access' | 'refusal' | 'emergency'): Felt =>
    entryDigest(
      {
        kind,
        hospital: felt(hospital),
        patient: addressOf(one),
        grantee: office,
        study: 1,
        request: 1,
        purposeIndex: 36,
        commitment: relied.commitment,
        decision: 'permit',
        categories: ['vitals'],
        dataFromS: Number(secret(`from when an entry says data left ${drawn}`, 30n)),
        dataToS: 0,
        resourceCount: 7,
        releaseSha256: secret(`hash of a release ${drawn}`).slice(2).padStart(64, '0'),
      },
      secret(`salt of an entry ${drawn}`),
    )
  const settle = async (relied: Marked, membership = { index: 0, path: [] as bigint[] }) => {
    const { id, digest } = await ask(relied)
    await market.act('hospital', 'settle', [id, digest, ...openingArgs(relied, membership), entryFor(relied, 'access')])
  }
  await settle(named['granted in an order and settled'] as Marked)
  await settle(settledMember, membershipOf(settledMember))
  const refused = await ask(named['relied on by a refused request'] as Marked)
  await market.act('hospital', 'refuse', [
    refused.id,
    refused.digest,
    entryFor(named['relied on by a refused request'] as Marked, 'refusal'),
  ])
  const late = await ask(named['granted by signature'] as Marked)

  // The log beside it: an emergency, a batch with two patients, a dispute with its end.
  const log = world.contracts.accessLog
  const records = [{ kind: 1, reference: 0, digest: secret('digest of a batched entry') }]
  const batched = PATIENTS.slice(0, 2).map((label) => ({ patient: addressOf(label), salt: secret(`salt of ${label} in a batch`), records }))
  for (const each of batched) secrets[`leaf of ${each.patient}`] = BigInt(batchedLeaf(each))
  await world.act(people.hospital, [
    callTo(log, 'append_emergency', [addressOf(two), 56, entryFor(named['granted by a guardian'] as Marked, 'emergency')]),
    callTo(log, 'append_batch', [makeBatch(batched).root]),
  ])
  const entry = entriesOf(await world.eventsOf(log), { chainId: world.chainId, accessLog: log }, addressOf(one))
  await world.send([callTo(log, 'dispute_single', [...entry(1), statementHash(STATEMENT, secret('salt of a statement'))])], one)
  const [disputeId = 0n] = await world.view(log, 'single_id', [addressOf(one), ...entry(1)])
  await world.act(people.owner, [callTo(log, 'resolve', [addressOf(one), disputeId, 1])])

  // The end.
  await world.send([callTo(pool, 'claim', [token])], one)
  await world.pass(2 * DAY_S)
  await market.act('stranger', 'expire', [late.id])
  await market.passUntilClosable(1n)
  await market.act('stranger', 'close', [1])
  await market.act('stranger', 'compensate', [1])
}

beforeAll(async () => {
  market = await raiseMarket()
  await run()
  felts = await feltsOfBlocks(market.world.devnet.rpcUrl, 0, await market.world.as(PATIENTS[0]).provider.getBlockNumber())
}, 240_000)
afterAll(() => market.world.devnet.stop())

/** Names of the values that stand somewhere, with where. */
const shown = (values: Readonly<Record<string, bigint>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => whereIs(value, felts).map((source) => `${name} in ${source}`))
const SETTLED = ['granted in an order and settled', 'settled from a bundle']
/** Of these the chain opens nothing; the grantee of the second is the office, which is public as such. */
const UNOPENED = [
  'granted by call',
  'relied on by a refused request',
  'granted in an order',
  'replaced',
  'that replaced another',
  'granted by signature',
  'that stayed in a bundle',
  'revoked in a bundle',
  'last in a bundle',
  'granted by a guardian',
]

describe('of everything that the chain shows of a full run', () => {
  test('the scan reads it all, and finds what is public', () => {
    for (const source of SOURCES) expect(felts[source].size).toBeGreaterThan(100)
    expect([...SETTLED, ...UNOPENED].sort()).toEqual(Object.keys(named).sort())
    expect(whereIs(BigInt(office), felts)).toEqual([...SOURCES])
    for (const { commitment } of [named['granted by call'], named['granted by signature']] as Marked[]) {
      expect(whereIs(BigInt(commitment), felts)).toEqual(['calldata', 'events', 'traces'])
    }
    // Two times and a status share a slot: a packed value is found as well.
    const grantedAtS = 2n ** 128n + 0x1234567n
    expect(whereIs(0x1234567n, { ...felts, storage: new Set([grantedAtS]) })).toEqual(['storage'])
  })

  test.each(SETTLED)('a consent %s is opened as far as who, what for and when, in the settlement alone', (name) => {
    const { opened, closed } = named[name] as Marked
    const { grantee, ...rest } = opened
    expect(grantee).toBe(BigInt(office))
    expect(shown(rest)).toEqual(Object.keys(rest).flatMap((part) => [`${part} in calldata`, `${part} in traces`]))
    expect(shown(closed)).toEqual([])
  })

  test.each(UNOPENED)('nothing is shown of a consent %s', (name) => {
    const { opened, closed } = named[name] as Marked
    const { grantee, ...rest } = opened
    expect(shown(grantee === BigInt(office) ? rest : opened)).toEqual([])
    expect(shown(closed)).toEqual([])
  })

  test('nothing is shown of what requests, entries, batches, studies and disputes say', () => {
    expect(Object.keys(secrets).length).toBeGreaterThan(20)
    expect(shown(secrets)).toEqual([])
  })

  test('no text is shown', () => {
    for (const text of [TITLE, STATEMENT]) {
      for (let start = 0; start + 12 <= text.length; start += 1) {
        expect(whereIs(BigInt(`0x${Buffer.from(text.slice(start, start + 12)).toString('hex')}`), felts)).toEqual([])
      }
    }
  })
})

describe('two grants of equal terms', () => {
  /** Everything of one transaction that is no small number. */
  async function feltsOf({ block }: Sent): Promise<ReadonlySet<bigint>> {
    const found = await feltsOfBlocks(market.world.devnet.rpcUrl, block, block)
    return new Set(SOURCES.flatMap((source) => [...found[source]]).filter((value) => value > 2n ** 64n))
  }
  /** What two transactions have in common, and a third, that has nothing to do with them, has not. */
  const common = (one: ReadonlySet<bigint>, other: ReadonlySet<bigint>, unrelated: ReadonlySet<bigint>) =>
    [...one].filter((value) => other.has(value) && !unrelated.has(value))

  test('by the same patient share no felt that any other grant of theirs does not share', async () => {
    const [label] = PATIENTS
    const terms = drawTerms()
    const [first, second] = [await grantLater(label, mark(label, terms)), await grantLater(label, mark(label, terms))]
    const unrelated = await feltsOf(await grantLater(label, mark(label, drawTerms())))
    expect(common(await feltsOf(first), await feltsOf(second), unrelated)).toEqual([])
  })

  test('by two patients share no felt that a third patient’s grant does not share', async () => {
    const [one, two, three] = PATIENTS
    const terms = drawTerms()
    const [first, second] = [await grantLater(one, mark(one, terms)), await grantLater(two, mark(two, terms))]
    const unrelated = await feltsOf(await grantLater(three, mark(three, drawTerms())))
    expect(common(await feltsOf(first), await feltsOf(second), unrelated)).toEqual([])
  })

  test('stay apart where two transactions about one consent do not: the comparison finds a link where there is one', async () => {
    const [label] = PATIENTS
    const marked = mark(label, drawTerms())
    const granted = await grantLater(label, marked)
    const revoked = await send(label, 'revoke', [marked.commitment])
    const unrelated = await feltsOf(await grantLater(label, mark(label, drawTerms())))
    expect(common(await feltsOf(granted), await feltsOf(revoked), unrelated)).toContain(BigInt(marked.commitment))
  })
})
