import { batchTimeS, entriesOf } from './entries.ts'
import { orderFelts } from './orders.ts'
import { type Asked, DAY_S, type Offer, type Opening, offer, offerFelts, openingFelts, openingFor, short } from './shapes.ts'
import { batchedLeaf, type EntryRecord, type LogPlace, placeOf, rootOf, sparseRoot } from './trees.ts'
import { callTo, raiseWorld, type Value, type World, type WorldContracts } from './world.ts'

/** Who calls, in the order of the table's columns. Each is a contract account of its own. */
export const CALLERS = [
  'stranger',
  'patient',
  'other patient',
  'guardian',
  'expired guardian',
  'hospital',
  'other hospital',
  'suspended hospital',
  'researcher',
  'colleague',
  'other office',
  'suspended office',
  'may admit',
  'may suspend',
  'may pause',
  'may arbitrate',
  'next owner',
  'owner',
  'reward pool',
  'access log',
] as const
export type Caller = (typeof CALLERS)[number]

/** Everything that the rows of the table point at. */
export type Scene = {
  readonly world: World
  readonly people: Readonly<Record<Caller, string>>
  readonly token: string
  readonly organisations: typeof ORGANISATIONS
  readonly terms: Offer
  /** A log without a pool, and a pool whose log is the caller `access log`. */
  readonly bareLog: string
  readonly deafPool: string
  /** Consents of the patient: active; the member of an active bundle; what a settlement opens. */
  readonly consent: bigint
  readonly member: { readonly commitment: bigint; readonly index: number; readonly path: readonly bigint[] }
  readonly opening: Opening
  readonly study: bigint
  /** A study that the suspended office opened before. */
  readonly haltedStudy: bigint
  /** Open, the hospital's to answer. */
  readonly openRequest: Asked
  /** Open, the suspended hospital's to answer. */
  readonly strandedRequest: Asked
  /** Open, of the suspended office, the hospital's to answer. */
  readonly haltedRequest: Asked
  /** Settled and harmed: the dispute was upheld. */
  readonly harmedRequest: bigint
  /** Entries of the patient, as felts: not disputed. */
  readonly single: readonly Value[]
  readonly batched: readonly Value[]
  /** Id of an open dispute of the patient. */
  readonly disputeId: bigint
  readonly classHash: bigint
}

const ORGANISATIONS = {
  mercy: short('mercy'),
  stclare: short('stclare'),
  lakeside: short('lakeside'),
  northgate: short('northgate'),
  harbour: short('harbour'),
  westbay: short('westbay'),
} as const
const HOSPITAL = 1
const OFFICE = 2
/** Accounts that plans are made for: powers that wait, and powers that count. */
export const PLANNED = 0x91n
export const FRESH = 0x92n

/** Brings the world to a state in which every call of the table would go through for its right caller, now or once its time has come. */
export async function setScene(): Promise<Scene> {
  const world = await raiseWorld()
  const { contracts, owner } = world
  const puppets = await world.deploy('Puppet', [], CALLERS.length)
  const people: Record<string, string> = Object.fromEntries(CALLERS.map((caller, index) => [caller, puppets[index] ?? '']))
  people['owner'] = owner
  const who = (caller: Caller): string => people[caller] ?? ''
  const by = (caller: Caller, contract: keyof WorldContracts, entrypoint: string, args: readonly Value[] = []) =>
    world.act(who(caller), [callTo(contracts[contract], entrypoint, args)])
  const [token = ''] = await world.deploy('TestToken', [])
  const [bareLog = ''] = await world.deploy('AccessLog', [contracts.participants])
  const [deafPool = ''] = await world.deploy('RewardPool', [contracts.participants, contracts.consentRegistry, who('access log')])

  const { mercy, stclare, lakeside, northgate, harbour, westbay } = ORGANISATIONS
  const admit = (id: bigint, role: number, operator: Caller) =>
    callTo(contracts.participants, 'admit', [id, role, id, 0xfacen, who(operator)])
  await world.act(owner, [
    admit(mercy, HOSPITAL, 'hospital'),
    admit(stclare, HOSPITAL, 'other hospital'),
    admit(lakeside, HOSPITAL, 'suspended hospital'),
    admit(northgate, OFFICE, 'researcher'),
    admit(harbour, OFFICE, 'other office'),
    admit(westbay, OFFICE, 'suspended office'),
    callTo(contracts.participants, 'add_operator', [northgate, who('colleague')]),
    ...(['may admit', 'may suspend', 'may pause', 'may arbitrate'] as const).map((officer, bit) =>
      callTo(contracts.participants, 'plan_powers', [who(officer), 1 << bit]),
    ),
  ])
  const nowS = await world.nowS()
  await by('patient', 'consentRegistry', 'name_guardian', [who('guardian'), nowS + 365 * DAY_S])
  await by('patient', 'consentRegistry', 'name_guardian', [who('expired guardian'), nowS + DAY_S])
  await world.pass(2 * DAY_S)
  for (const officer of ['may admit', 'may suspend', 'may pause', 'may arbitrate'] as const) {
    await by('owner', 'participants', 'apply_powers', [who(officer)])
  }

  // Money: three paid accesses of the patient, of which one is disputed and one harmed, and one request that waits.
  const everybody = CALLERS.map((caller) => callTo(token, 'mint', [who(caller), 1_000_000, 0]))
  await world.send(everybody)
  for (const caller of CALLERS) await world.act(who(caller), [callTo(token, 'approve', [contracts.rewardPool, 2n ** 100n, 0])])
  const terms = offer({ organisation: northgate, token, deadlineS: (await world.nowS()) + 20 * DAY_S, bond: 5_000n })
  await by('researcher', 'rewardPool', 'open_study', [...offerFelts(terms), 20_000])
  const study = 1n
  const opening = openingFor(northgate, 0x5a17n)
  const [consent = 0n] = await world.view(contracts.consentRegistry, 'commit', [who('patient'), ...openingFelts(opening)])
  const bundle = [0xb0n, 0xb1n].map((each) => each + 2n ** 200n)
  await by('patient', 'consentRegistry', 'submit', [
    who('patient'),
    ...orderFelts({ revoke: [], replace: [], grant: [consent, rootOf(bundle)] }),
  ])
  let digest = 0xd0n
  const ask = async (hospital: bigint, requester: Caller = 'researcher', of: bigint = study): Promise<Asked> => {
    digest += 1n
    await by(requester, 'rewardPool', 'request', [of, who('patient'), hospital, digest])
    return { id: (await world.view(contracts.rewardPool, 'request_count'))[0] ?? 0n, digest }
  }
  const settle = async (gateway: Caller, hospital: bigint): Promise<bigint> => {
    const asked = await ask(hospital)
    await by(gateway, 'rewardPool', 'settle', [asked.id, asked.digest, ...openingFelts(opening), asked.digest + 0xe000n])
    return asked.id
  }
  await settle('suspended hospital', lakeside)
  const harmedRequest = await settle('hospital', mercy)
  await settle('hospital', mercy)
  const openRequest = await ask(mercy)
  const strandedRequest = await ask(lakeside)
  const haltedStudy = 2n
  await by('suspended office', 'rewardPool', 'open_study', [...offerFelts({ ...terms, organisation: westbay }), 20_000])
  const haltedRequest = await ask(mercy, 'suspended office', haltedStudy)
  await by('owner', 'participants', 'suspend', [lakeside])
  await by('owner', 'participants', 'suspend', [westbay])

  // The patient's log: entry 2 is disputed and upheld, entry 4 disputed, entry 3 not; one batch.
  await by('hospital', 'accessLog', 'append', [who('patient'), 1, 0xe4n])
  const place: LogPlace = { chainId: world.chainId, accessLog: contracts.accessLog }
  const entry = entriesOf(await world.eventsOf(contracts.accessLog), place, who('patient'))
  const disputeOf = async (index: number): Promise<bigint> => {
    await by('patient', 'accessLog', 'dispute_single', [...entry(index), 0x57a7en])
    return (await world.view(contracts.accessLog, 'single_id', [who('patient'), ...entry(index)]))[0] ?? 0n
  }
  await by('owner', 'accessLog', 'resolve', [who('patient'), await disputeOf(2), 1])
  const disputeId = await disputeOf(4)
  const records: EntryRecord[] = [{ kind: 1, reference: 0n, digest: 0xe5n }]
  const root = sparseRoot(batchedLeaf(who('patient'), 0x5an, records), placeOf(who('patient')))
  const appended = await by('hospital', 'accessLog', 'append_batch', [root])
  const batched: Value[] = [1, mercy, root, batchTimeS(appended), 0, 0x5an, 1, 1, 0, 0xe5n, 0, 0, 0]

  // Plans whose time comes in two days.
  const classHash = BigInt(await world.as('Governance').provider.getClassHashAt(who('stranger')))
  await world.act(owner, [
    callTo(contracts.participants, 'offer_ownership', [who('next owner')]),
    callTo(contracts.participants, 'plan_powers', [PLANNED, 1]),
    ...Object.values(contracts).map((contract) => callTo(contract, 'plan_upgrade', [classHash])),
  ])
  return {
    world,
    people: people as Record<Caller, string>,
    token,
    organisations: ORGANISATIONS,
    terms,
    bareLog,
    deafPool,
    consent,
    member: { commitment: bundle[0] ?? 0n, index: 0, path: bundle.slice(1) },
    opening,
    study,
    haltedStudy,
    openRequest,
    strandedRequest,
    haltedRequest,
    harmedRequest,
    single: entry(3),
    batched,
    disputeId,
    classHash,
  }
}
