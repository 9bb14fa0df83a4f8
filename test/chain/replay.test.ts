import { account, felt, type OrderMessage, orderHash, orderTypedData } from '@medsync/protocol'
import { type Call, hash, stark, type TypedData } from 'starknet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messageHash, type Order, orderFelts, orderMessage, type Submission, submitSigned } from './access/orders.ts'
import { callTo, feltsOf, raiseWorld, refusalOf, type World } from './access/world.ts'

// One signed order, and all that a relayer, a thief or a lying account could make of it. Each attempt differs from an order that is
// carried out in the end in one thing only, is refused for that reason, and leaves nothing behind: no state, no nonce, no event.

const PATIENT = 'Patient 1'
const OTHER = 'Patient 2'
const GUARDIAN = 'Patient 3'
const FORMER_GUARDIAN = 'Patient 4'
const LATE_GUARDIAN = 'Patient 5'
const STRANGER = 'Patient 6'
const NOBODY = '0x1234'
const CURVE_ORDER = 0x800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2fn
/** As in `Puppet`. */
const MANNER = { honest: 0, alwaysValid: 1, neverValid: 2, fails: 3, answersOne: 4, answersTwice: 5, answersNothing: 6 } as const

const ORDER: Order = {
  revoke: [0xa1n, 0xa2n],
  replace: [
    { old: 0xb1n, new: 0xc1n },
    { old: 0xb2n, new: 0xc2n },
  ],
  grant: [0xd1n, 0xd2n],
}
/** Active before, for all who sign; the last two are named by no order but the changed ones. */
const ACTIVE = [0xa1n, 0xa2n, 0xb1n, 0xb2n, 0xf1n, 0xf2n]
const WATCHED = [...ACTIVE, 0xc1n, 0xc2n, 0xd1n, 0xd2n, 0xe1n, 0xe2n, 0x77n]
const NOTHING: Order = { revoke: [], replace: [], grant: [] }

let world: World
let otherRegistry: string
let puppet: string
let deadlineS: bigint
let base: Submission
/** Orders that were carried out, or whose nonce was burned, before the tests begin. */
let done: Submission
let burned: Submission

const addressOf = (label: string): string => world.as(label).address
const sign = async (label: string, message: TypedData): Promise<bigint[]> =>
  stark.signatureToHexArray(await world.as(label).signMessage(message)).map(BigInt)
const signed = async (label: string, unsigned: Omit<Submission, 'signature'>): Promise<Submission> => ({
  ...unsigned,
  signature: await sign(label, orderMessage(world.chainId, unsigned)),
})
const submit = (submission: Submission) => world.send([submitSigned(submission)], STRANGER)

beforeAll(async () => {
  world = await raiseWorld()
  const registry = world.contracts.consentRegistry
  ;[otherRegistry = ''] = await world.deploy('ConsentRegistry', [world.contracts.participants])
  ;[puppet = ''] = await world.deploy('Puppet', [])
  const grants = callTo(registry, 'submit', [addressOf(PATIENT), ...orderFelts({ ...NOTHING, grant: ACTIVE })])
  const nowS = await world.nowS()
  const name = (guardian: string, untilS: number) => callTo(registry, 'name_guardian', [addressOf(guardian), untilS])
  await world.send([grants, name(GUARDIAN, nowS + 90_000), name(FORMER_GUARDIAN, nowS + 90_000), name(LATE_GUARDIAN, nowS + 100)], PATIENT)
  await world.send([callTo(registry, 'dismiss_guardian', [addressOf(FORMER_GUARDIAN)])], PATIENT)
  await world.act(puppet, [callTo(registry, 'submit', [puppet, ...orderFelts({ ...NOTHING, grant: ACTIVE })])])
  await world.pass(1_000)

  deadlineS = BigInt(await world.nowS()) + 50_000n
  const own = { registry, patient: addressOf(PATIENT), signer: addressOf(PATIENT), deadlineS }
  done = await signed(PATIENT, { ...own, order: { ...NOTHING, grant: [0x77n] }, nonce: 0n })
  await submit(done)
  burned = await signed(PATIENT, { ...own, order: ORDER, nonce: 1n })
  await world.send([callTo(registry, 'burn_nonces', [2n])], PATIENT)
  base = await signed(PATIENT, { ...own, order: ORDER, nonce: 2n })
}, 120_000)
afterAll(() => world.devnet.stop())

/** All that an order could change: nonces, states and events, here and in the other registry. */
async function snapshot() {
  const here = world.contracts.consentRegistry
  const signers = [...[PATIENT, OTHER, GUARDIAN, FORMER_GUARDIAN, LATE_GUARDIAN, STRANGER].map(addressOf), puppet, NOBODY]
  const views = [
    ...[here, otherRegistry].flatMap((registry) => signers.map((signer) => [registry, 'nonce_of', signer] as const)),
    ...[addressOf(PATIENT), puppet].flatMap((patient) => WATCHED.map((commitment) => [here, 'state', patient, commitment] as const)),
  ]
  return {
    values: await Promise.all(views.map(async ([registry, entrypoint, ...args]) => [args, await world.view(registry, entrypoint, args)])),
    events: [await world.eventsOf(here), await world.eventsOf(otherRegistry)],
  }
}

type Mutation = { readonly what: string; readonly reason: string; readonly make: () => Promise<Submission> }
const BAD = 'Consent: bad signature'

/** The order's own signature under a changed message: what a relayer can do. */
const changed = (what: string, change: () => Partial<Submission>, reason = BAD): Mutation => ({
  what,
  reason,
  make: async () => ({ ...base, ...change() }),
})
/** The unchanged order under a signature of the patient for another message: what a look-alike site can obtain. */
const lured = (what: string, change: (message: TypedData) => TypedData): Mutation => ({
  what,
  reason: BAD,
  make: async () => ({ ...base, signature: await sign(PATIENT, change(orderMessage(world.chainId, base))) }),
})
const order = (what: string, change: Partial<Order>): Mutation => changed(what, () => ({ order: { ...ORDER, ...change } }))
const signature = (what: string, change: (r: bigint, s: bigint) => bigint[]): Mutation =>
  changed(what, () => {
    const [r = 0n, s = 0n] = base.signature
    return { signature: change(r, s) }
  })
/** Signed as it is submitted, by the account that it names. */
const honest = (what: string, label: string, change: () => Partial<Submission>, reason: string): Mutation => ({
  what,
  reason,
  make: () => signed(label, { ...base, ...change() }),
})

const mutations: readonly Mutation[] = [
  // Elsewhere
  lured('signed for another chain', (message) => ({ ...message, domain: { ...message.domain, chainId: 'SN_MAIN' } })),
  lured('signed for a chain of no name', (message) => ({ ...message, domain: { ...message.domain, chainId: '0x0' } })),
  lured('signed for another application', (message) => ({ ...message, domain: { ...message.domain, name: 'MedSink' } })),
  lured('signed for another version of the application', (message) => ({ ...message, domain: { ...message.domain, version: '2' } })),
  lured('signed for another version of the contract’s message', (message) => ({
    ...message,
    primaryType: 'ConsentOrders',
    types: {
      StarknetDomain: message.types['StarknetDomain'] ?? [],
      Replacement: message.types['Replacement'] ?? [],
      ConsentOrders: message.types['ConsentOrder'] ?? [],
    },
  })),
  lured('signed by revision 0 of SNIP-12', (message) => ({
    types: {
      StarkNetDomain: [
        { name: 'name', type: 'felt' },
        { name: 'version', type: 'felt' },
        { name: 'chainId', type: 'felt' },
      ],
      Replacement: message.types['Replacement'] ?? [],
      ConsentOrder: (message.types['ConsentOrder'] ?? []).map(({ name, type }) => ({ name, type: type.endsWith('*') ? type : 'felt' })),
    },
    primaryType: 'ConsentOrder',
    domain: { name: 'MedSync', version: '1', chainId: world.chainId },
    message: message.message,
  })),
  lured('signed with deadline and nonce exchanged', (message) => ({
    ...message,
    message: { ...message.message, Nonce: base.deadlineS.toString(), Deadline: base.nonce.toString() },
  })),
  changed('brought to another registry on the same chain', () => ({ registry: otherRegistry, nonce: 0n })),
  changed('brought to another registry with its own nonce', () => ({ registry: otherRegistry }), 'Consent: bad nonce'),
  {
    what: 'signed for another registry',
    reason: BAD,
    make: async () => ({ ...(await signed(PATIENT, { ...base, registry: otherRegistry })), registry: base.registry }),
  },

  // At another time
  { what: 'carried out before', reason: 'Consent: bad nonce', make: async () => done },
  { what: 'of a burned nonce', reason: 'Consent: bad nonce', make: async () => burned },
  honest('signed for the next nonce', PATIENT, () => ({ nonce: 3n }), 'Consent: bad nonce'),
  honest('signed for the largest nonce', PATIENT, () => ({ nonce: 2n ** 64n - 1n }), 'Consent: bad nonce'),
  changed('with a past nonce put in', () => ({ nonce: 1n }), 'Consent: bad nonce'),
  changed('with a future nonce put in', () => ({ nonce: 3n }), 'Consent: bad nonce'),
  { what: 'of a burned nonce, the present one put in', reason: BAD, make: async () => ({ ...burned, nonce: 2n }) },
  honest('signed with a deadline that has passed', PATIENT, () => ({ deadlineS: 1n }), 'Consent: order expired'),
  honest('signed with no deadline', PATIENT, () => ({ deadlineS: 0n }), 'Consent: order expired'),
  changed('with its deadline put off', () => ({ deadlineS: deadlineS + 1n })),
  changed('with its deadline put off for ever', () => ({ deadlineS: 2n ** 64n - 1n })),
  changed('with an earlier deadline', () => ({ deadlineS: deadlineS - 1n })),

  // For or by somebody else
  changed('turned to another patient', () => ({ patient: addressOf(OTHER) }), 'Consent: not a guardian'),
  changed('turned to another patient, who is said to have signed', () => ({
    patient: addressOf(OTHER),
    signer: addressOf(OTHER),
    nonce: 0n,
  })),
  changed('said to be signed by the guardian', () => ({ signer: addressOf(GUARDIAN), nonce: 0n })),
  {
    what: 'signed by another key',
    reason: BAD,
    make: async () => ({ ...base, signature: await sign(STRANGER, orderMessage(world.chainId, base)) }),
  },
  {
    what: 'signed by the guardian’s key in the patient’s name',
    reason: BAD,
    make: async () => ({ ...base, signature: await sign(GUARDIAN, orderMessage(world.chainId, base)) }),
  },
  honest('of a stranger', STRANGER, () => ({ signer: addressOf(STRANGER), nonce: 0n }), 'Consent: not a guardian'),
  honest(
    'of a guardian who was dismissed',
    FORMER_GUARDIAN,
    () => ({ signer: addressOf(FORMER_GUARDIAN), nonce: 0n }),
    'Consent: not a guardian',
  ),
  honest(
    'of a guardian whose time is over',
    LATE_GUARDIAN,
    () => ({ signer: addressOf(LATE_GUARDIAN), nonce: 0n }),
    'Consent: not a guardian',
  ),
  honest(
    'of the guardian for a patient who did not name them',
    GUARDIAN,
    () => ({ patient: addressOf(OTHER), signer: addressOf(GUARDIAN), nonce: 0n }),
    'Consent: not a guardian',
  ),
  honest('of the patient for their guardian', PATIENT, () => ({ patient: addressOf(GUARDIAN) }), 'Consent: not a guardian'),
  // The network stops such a call itself; no contract can answer for it.
  changed('of an address without a contract', () => ({ patient: NOBODY, signer: NOBODY, nonce: 0n }), 'not deployed'),
  changed('of nobody', () => ({ patient: '0x0', signer: '0x0', nonce: 0n }), 'not deployed'),
  changed('of a contract that is no account', () => ({ patient: world.contracts.accessLog, signer: world.contracts.accessLog, nonce: 0n })),
  changed('of the registry itself', () => ({ patient: base.registry, signer: base.registry, nonce: 0n })),

  // With other changes
  order('with a revocation added', { revoke: [...ORDER.revoke, 0xf1n] }),
  order('with a revocation removed', { revoke: ORDER.revoke.slice(1) }),
  order('with its revocations reordered', { revoke: [...ORDER.revoke].reverse() }),
  order('with a revocation changed', { revoke: [0xa1n, 0xf1n] }),
  order('with a replacement added', { replace: [...ORDER.replace, { old: 0xf1n, new: 0xe1n }] }),
  order('with a replacement removed', { replace: ORDER.replace.slice(1) }),
  order('with its replacements reordered', { replace: [...ORDER.replace].reverse() }),
  order('with another consent replaced', { replace: [{ old: 0xf1n, new: 0xc1n }, ...ORDER.replace.slice(1)] }),
  order('with another consent in the place of the old', { replace: [{ old: 0xb1n, new: 0xe1n }, ...ORDER.replace.slice(1)] }),
  order('with the new consents of two replacements exchanged', {
    replace: [
      { old: 0xb1n, new: 0xc2n },
      { old: 0xb2n, new: 0xc1n },
    ],
  }),
  order('with a grant added', { grant: [...ORDER.grant, 0xe1n] }),
  order('with a grant removed', { grant: ORDER.grant.slice(1) }),
  order('with its grants reordered', { grant: [...ORDER.grant].reverse() }),
  order('with a grant changed', { grant: [0xd1n, 0xe1n] }),
  order('with a revocation made a grant', { revoke: ORDER.revoke.slice(1), grant: [0xe2n, ...ORDER.grant] }),
  order('with grants and revocations exchanged', { revoke: [], grant: [...ORDER.grant, ...ORDER.revoke] }),
  order('with a replacement taken apart into revocation and grant', {
    revoke: [...ORDER.revoke, 0xb1n],
    replace: ORDER.replace.slice(1),
    grant: [...ORDER.grant, 0xc1n],
  }),
  order('with all changes left out', NOTHING),
  honest('that is signed, and empty', PATIENT, () => ({ order: NOTHING }), 'Consent: empty order'),
  honest('that is signed, and partly impossible', PATIENT, () => ({ order: { ...ORDER, grant: [0xd1n, 0xd1n] } }), 'Consent: already used'),

  // With another signature
  signature('with the first part of the signature changed', (r, s) => [r ^ 1n, s]),
  signature('with the second part of the signature changed', (r, s) => [r, s ^ 1n]),
  signature('with a signature of zeros', () => [0n, 0n]),
  signature('with a first part of zero', (_, s) => [0n, s]),
  signature('with a second part of zero', (r) => [r, 0n]),
  signature('with no signature', () => []),
  signature('with half a signature', (r) => [r]),
  signature('with a signature too long', (r, s) => [r, s, 0n]),
  signature('with the signature twice', (r, s) => [r, s, r, s]),
  signature('with the parts of the signature exchanged', (r, s) => [s, r]),
  signature('with the order of the curve as both parts', () => [CURVE_ORDER, CURVE_ORDER]),
  { what: 'with the signature of an order carried out before', reason: BAD, make: async () => ({ ...base, signature: done.signature }) },

  // By a contract account that lies
  ...(
    [
      ['neverValid', 'that always says no'],
      ['fails', 'that fails'],
      ['answersOne', 'that answers the number one'],
      ['answersTwice', 'that answers twice'],
      ['answersNothing', 'that answers nothing'],
      ['honest', 'that was not asked'],
    ] as const
  ).map(
    ([manner, what]): Mutation => ({
      what: `of a contract account ${what}`,
      reason: BAD,
      make: async () => {
        await world.send([callTo(puppet, 'set_manner', [MANNER[manner]])])
        return { ...base, patient: puppet, signer: puppet, nonce: 0n }
      },
    }),
  ),
]

describe('contract, starknet.js and our library hash the same message', () => {
  test.each<[string, Order]>([
    ['several changes of each kind', ORDER],
    ['one change of each kind', { revoke: [1n], replace: [{ old: 2n, new: 3n }], grant: [4n] }],
    ['revocations only', { ...NOTHING, revoke: [5n, 6n, 7n] }],
    ['replacements only', { ...NOTHING, replace: [{ old: 8n, new: 9n }] }],
    ['grants only', { ...NOTHING, grant: [2n ** 251n] }],
    ['no change', NOTHING],
  ])('%s', async (_, each) => {
    for (const [nonce, untilS] of [
      [0n, 0n],
      [7n, 1_900_000_000n],
      [2n ** 64n - 1n, 2n ** 64n - 1n],
    ] as const) {
      const unsigned = { ...base, order: each, nonce, deadlineS: untilS }
      const asked = await world.view(base.registry, 'order_hash', [base.patient, addressOf(GUARDIAN), ...orderFelts(each), nonce, untilS])
      expect(messageHash(orderMessage(world.chainId, unsigned), addressOf(GUARDIAN))).toBe(asked[0])
      if (untilS > Number.MAX_SAFE_INTEGER) continue
      const ours: OrderMessage = {
        chainId: felt(world.chainId),
        registry: account(base.registry),
        patient: account(base.patient),
        order: {
          revoke: each.revoke.map(felt),
          replace: each.replace.map((pair) => ({ old: felt(pair.old), new: felt(pair.new) })),
          grant: each.grant.map(felt),
        },
        nonce,
        deadlineS: Number(untilS),
      }
      expect(messageHash(orderTypedData(ours), addressOf(GUARDIAN))).toBe(asked[0])
      expect(BigInt(orderHash(ours, account(addressOf(GUARDIAN))))).toBe(asked[0])
    }
  })
})

describe('refused, and nothing changed: an order', () => {
  test('is tried in more than twenty ways', () => {
    expect(mutations.length).toBeGreaterThanOrEqual(20)
    expect(new Set(mutations.map(({ what }) => what)).size).toBe(mutations.length)
  })

  test.each(mutations)('$what', async ({ make, reason }) => {
    const submission = await make()
    const before = await snapshot()
    expect(await refusalOf(submit(submission))).toBe(reason)
    expect(await snapshot()).toEqual(before)
  })

  test('in the second of its deadline, and later', async () => {
    const before = await snapshot()
    for (const lateS of [0, 1]) {
      const submission = await signed(PATIENT, { ...base, deadlineS: BigInt((await world.nextS()) - lateS) })
      expect(await refusalOf(submit(submission))).toBe('Consent: order expired')
    }
    expect(await snapshot()).toEqual(before)
  })

  test('whose account answers by bringing it under the next nonce: neither counts', async () => {
    const nonce = (await world.view(base.registry, 'nonce_of', [puppet]))[0] ?? 0n
    const submission: Submission = { ...base, order: { ...NOTHING, grant: [0xe1n] }, patient: puppet, signer: puppet, nonce, signature: [] }
    const next = submitSigned({ ...submission, nonce: nonce + 1n })
    await world.send([
      callTo(puppet, 'set_manner', [MANNER.alwaysValid]),
      callTo(puppet, 'set_reaction', [next.contractAddress, selectorOf('submit_signed'), ...lengthFirst(next)]),
    ])
    const before = await snapshot()
    expect(await refusalOf(submit(submission))).toBe('Consent: already used')
    expect(await snapshot()).toEqual(before)
    await world.send([callTo(puppet, 'set_reaction', ['0x0', '0x0', 0])])
  })
})

describe('what holds', () => {
  test('the order itself is carried out, by anybody, once', async () => {
    await submit(base)
    const statuses = await Promise.all(WATCHED.map((commitment) => world.view(base.registry, 'state', [base.patient, commitment])))
    expect(statuses.map(([status]) => Number(status))).toEqual([2, 2, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0, 1])
    const before = await snapshot()
    expect(await refusalOf(submit(base))).toBe('Consent: bad nonce')
    expect(await refusalOf(submit({ ...base, signature: malleated(base.signature) }))).toBe('Consent: bad nonce')
    expect(await snapshot()).toEqual(before)
  })

  test('an order whose account answers by bringing it again is carried out once', async () => {
    const nonce = (await world.view(base.registry, 'nonce_of', [puppet]))[0] ?? 0n
    const submission: Submission = { ...base, patient: puppet, signer: puppet, nonce, signature: [] }
    const again = submitSigned(submission)
    await world.send([
      callTo(puppet, 'set_manner', [MANNER.alwaysValid]),
      callTo(puppet, 'set_reaction', [again.contractAddress, selectorOf('submit_signed'), ...lengthFirst(again)]),
    ])
    const before = await world.eventsOf(base.registry)
    await submit(submission)
    const events = (await world.eventsOf(base.registry)).slice(before.length)
    expect(events.map(({ keys }) => keys[0])).toEqual(
      ['NonceUsed', 'ConsentRevoked', 'ConsentRevoked', 'ConsentReplaced', 'ConsentReplaced', 'ConsentGranted', 'ConsentGranted'].map(
        (name) => BigInt(selectorOf(name)),
      ),
    )
    expect(await world.view(base.registry, 'nonce_of', [puppet])).toEqual([nonce + 1n])
    await world.send([callTo(puppet, 'set_reaction', ['0x0', '0x0', 0])])
    expect(await refusalOf(submit(submission))).toBe('Consent: bad nonce')
  })

  // The account's own curve check takes (r, -s) for (r, s); the nonce, not the bytes of the signature, is what makes an order count once.
  test('the malleated signature is as good as the signature, and both together are worth one order', async () => {
    const nonce = (await world.view(base.registry, 'nonce_of', [base.patient]))[0] ?? 0n
    const first = await signed(PATIENT, { ...base, deadlineS: deadlineS + 50_000n, nonce, order: { ...NOTHING, grant: [0xe1n] } })
    await submit({ ...first, signature: malleated(first.signature) })
    expect(await world.view(base.registry, 'nonce_of', [base.patient])).toEqual([nonce + 1n])
    expect(await refusalOf(submit(first))).toBe('Consent: bad nonce')
    const changedOrder = { ...first, nonce: nonce + 1n, order: { ...NOTHING, grant: [0xe3n] }, signature: malleated(first.signature) }
    expect(await refusalOf(submit(changedOrder))).toBe('Consent: bad signature')
  })

  test('an order is carried out in the last second before its deadline', async () => {
    const nonce = (await world.view(base.registry, 'nonce_of', [base.patient]))[0] ?? 0n
    const lastS = await world.nextS()
    const grant = [0xe2n]
    await submit(await signed(PATIENT, { ...base, nonce, deadlineS: BigInt(lastS) + 1n, order: { ...NOTHING, grant } }))
    expect(await world.view(base.registry, 'state', [base.patient, 0xe2n])).toEqual([1n, BigInt(lastS), 0n])
  })

  test('a guardian’s order is carried out for the patient, on the guardian’s own nonce', async () => {
    const before = await world.view(base.registry, 'nonce_of', [base.patient])
    const submission = await signed(GUARDIAN, {
      ...base,
      signer: addressOf(GUARDIAN),
      nonce: 0n,
      deadlineS: deadlineS + 50_000n,
      order: { ...NOTHING, revoke: [0xf1n] },
    })
    await world.send([callTo(base.registry, 'name_guardian', [addressOf(GUARDIAN), deadlineS + 60_000n])], PATIENT)
    await submit(submission)
    expect((await world.view(base.registry, 'state', [base.patient, 0xf1n]))[0]).toBe(2n)
    expect(await world.view(base.registry, 'nonce_of', [base.patient])).toEqual(before)
    expect(await world.view(base.registry, 'nonce_of', [addressOf(GUARDIAN)])).toEqual([1n])
  })

  test('a signed order that cannot be carried out does not use up its nonce', async () => {
    const nonce = (await world.view(base.registry, 'nonce_of', [base.patient]))[0] ?? 0n
    const impossible = await signed(PATIENT, { ...base, nonce, deadlineS: deadlineS + 50_000n, order: { ...NOTHING, revoke: [0xf1n] } })
    expect(await refusalOf(submit(impossible))).toBe('Consent: not active')
    expect(await world.view(base.registry, 'nonce_of', [base.patient])).toEqual([nonce])
  })

  test('burning nonces ends all orders below the next one, those signed ahead as well', async () => {
    const nonce = (await world.view(base.registry, 'nonce_of', [base.patient]))[0] ?? 0n
    const ahead = { ...base, deadlineS: deadlineS + 50_000n, order: { ...NOTHING, revoke: [0xf2n] } }
    const [now, later] = await Promise.all([signed(PATIENT, { ...ahead, nonce }), signed(PATIENT, { ...ahead, nonce: nonce + 1n })])
    expect(await refusalOf(submit(later))).toBe('Consent: bad nonce')
    await world.send([callTo(base.registry, 'burn_nonces', [nonce + 2n])], PATIENT)
    expect(await refusalOf(submit(now))).toBe('Consent: bad nonce')
    expect(await refusalOf(submit(later))).toBe('Consent: bad nonce')
    await submit(await signed(PATIENT, { ...ahead, nonce: nonce + 2n }))
    expect((await world.view(base.registry, 'state', [base.patient, 0xf2n]))[0]).toBe(2n)
  })
})

function malleated([r = 0n, s = 0n]: readonly bigint[]): bigint[] {
  return [r, CURVE_ORDER - s]
}

function selectorOf(name: string): string {
  return hash.getSelectorFromName(name)
}

/** Calldata of a call as a span. */
function lengthFirst(call: Call): string[] {
  const felts = feltsOf(call)
  return [String(felts.length), ...felts]
}
