import { hash } from 'starknet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Market, raiseMarket, type Trader } from './access/market.ts'
import { offer, offerFelts, openingFelts } from './access/shapes.ts'
import { actOf, callTo, feltsOf, refusalOf, textOf, type Value } from './access/world.ts'

// Tokens that lie, stop, take their part, call back, or change balances behind the pool's back. What the pool credits is what arrived,
// what it pays is exactly what left, and no study in another token ever notices.

/** As in `OddToken`. */
const MANNERS = {
  plain: 0,
  takesFee: 1,
  returnsFalse: 2,
  returnsNothing: 3,
  revertsOnZero: 4,
  paused: 5,
  blocks: 6,
  movesLess: 7,
  takesMore: 8,
  reenters: 9,
  reentersOrFails: 10,
  claimsRiches: 11,
  hidesBalances: 12,
  movesNothing: 13,
} as const
type Manner = keyof typeof MANNERS

const WORDS: Readonly<Record<Manner, string>> = {
  plain: 'behaves',
  takesFee: 'keeps one percent for itself',
  returnsFalse: 'moves nothing and answers false',
  returnsNothing: 'moves and answers nothing',
  revertsOnZero: 'fails at zero',
  paused: 'is paused',
  blocks: 'blocks the pool',
  movesLess: 'moves half of what is asked',
  takesMore: 'takes twice what is asked',
  reenters: 'calls back, and goes on',
  reentersOrFails: 'calls back, and fails when that fails',
  claimsRiches: 'says that everybody has everything',
  hidesBalances: 'tells no balances',
  movesNothing: 'moves nothing and answers true',
}
const ACTED = BigInt(hash.getSelectorFromName('Acted'))
const DEPOSIT = 10_000n
const PRICE = 1_000n
/** Of one access: 20 percent to the hospital, 5 to the pool. */
const SHARES = { patient: 750n, hospital: 200n, pool: 50n } as const

let market: Market
let plain: string
beforeAll(async () => {
  market = await raiseMarket()
  ;[plain = ''] = await market.world.deploy('TestToken', [])
  await market.stock(plain)
}, 120_000)
afterAll(() => market.world.devnet.stop())

/** A new odd token that behaves until told otherwise. */
async function oddToken(): Promise<string> {
  const [token = ''] = await market.world.deploy('OddToken', [])
  await market.stock(token)
  return token
}

/** A token that calls back asks the pool for a claim of its own. */
async function behave(token: string, manner: Manner, blocked = market.pool): Promise<void> {
  await market.world.send([
    callTo(token, 'block', [blocked]),
    callTo(token, 'set_reaction', [market.pool, hash.getSelectorFromName('claim'), 1, plain]),
    callTo(token, 'set_manner', [MANNERS[manner]]),
  ])
}

/** While the token moves money, this puppet makes this call: by whoever is entitled to it. */
async function callBack(token: string, by: string, to: string, entrypoint: string, args: readonly Value[]): Promise<void> {
  const act = actOf(by, [callTo(to, entrypoint, args)])
  const calldata = feltsOf(act)
  await market.world.send([
    callTo(token, 'set_reaction', [by, hash.getSelectorFromName('act'), calldata.length, ...calldata]),
    callTo(token, 'set_manner', [MANNERS.reenters]),
  ])
}

/** What the puppet of a call-back met: it acts before the puppet that started it all. */
function answerOf({ events }: Awaited<ReturnType<Market['act']>>, by: string): string {
  const inner = events.find(({ keys, from }) => keys[0] === ACTED && BigInt(from) === BigInt(by))
  if (inner === undefined) throw new RangeError('the token did not call back')
  return inner.keys[1] === 1n ? 'yes' : textOf(inner.data[1] ?? 0n)
}

async function available(study: bigint): Promise<bigint> {
  // Twelve fields of the terms, funder and state stand before it.
  return (await market.world.view(market.pool, 'study', [study]))[14] ?? 0n
}

describe('a deposit in a token that', () => {
  const cases: readonly { manner: Manner; credited?: bigint; reason?: string }[] = [
    { manner: 'plain', credited: DEPOSIT },
    { manner: 'takesFee', credited: 9_900n },
    { manner: 'returnsFalse', reason: 'Pool: nothing received' },
    { manner: 'returnsNothing', credited: DEPOSIT },
    { manner: 'revertsOnZero', credited: DEPOSIT },
    { manner: 'paused', reason: 'Pool: token call failed' },
    { manner: 'blocks', reason: 'Pool: token call failed' },
    { manner: 'movesLess', credited: 5_000n },
    { manner: 'takesMore', credited: DEPOSIT },
    { manner: 'reenters', credited: DEPOSIT },
    { manner: 'reentersOrFails', reason: 'Pool: token call failed' },
    { manner: 'claimsRiches', reason: 'Pool: nothing received' },
    { manner: 'hidesBalances', reason: 'Token: no balances today' },
    { manner: 'movesNothing', reason: 'Pool: nothing received' },
  ]
  test('covers every manner of the token', () => {
    expect(cases.map(({ manner }) => manner)).toEqual(Object.keys(MANNERS))
  })

  test.each(cases.map((each) => ({ ...each, words: WORDS[each.manner], becomes: each.reason ?? `credits ${each.credited}` })))(
    '$words: $becomes, at the opening as later',
    async ({ manner, credited, reason }) => {
      const token = await oddToken()
      const before = await market.open(token, DEPOSIT)
      await behave(token, manner)
      const counted = await market.world.view(market.pool, 'study_count')
      if (credited === undefined) {
        expect(await refusalOf(market.open(token, DEPOSIT))).toBe(reason)
        expect(await refusalOf(market.act('researcher', 'fund', [before, DEPOSIT]))).toBe(reason)
        expect(await market.world.view(market.pool, 'study_count')).toEqual(counted)
        await behave(token, 'plain')
        expect(await available(before)).toBe(DEPOSIT)
        expect(await market.books(token)).toEqual({ liabilities: DEPOSIT, held: DEPOSIT })
        return
      }
      const study = await market.open(token, DEPOSIT)
      expect(await available(study)).toBe(credited)
      await market.act('researcher', 'fund', [before, DEPOSIT])
      expect(await available(before)).toBe(DEPOSIT + credited)
      expect(await market.books(token)).toEqual({ liabilities: DEPOSIT + 2n * credited, held: DEPOSIT + 2n * credited })
    },
  )

  test.each<[string, Manner, bigint, bigint, string | bigint]>([
    ['keeps so much that the bond is not whole opens no study', 'takesFee', 90n, 10_000n, 'Pool: bond not covered'],
    ['leaves just the bond opens no study', 'movesLess', DEPOSIT, DEPOSIT, 'Pool: bond not covered'],
    ['leaves one unit more than the bond opens one with this unit', 'movesLess', DEPOSIT + 2n, DEPOSIT, 1n],
    ['keeps one percent is short of it in the deposit, not in the bond', 'takesFee', 9_000n, 1_000n, 8_900n],
  ])('%s', async (_, manner, deposit, bond, becomes) => {
    const token = await oddToken()
    await behave(token, manner)
    const opened = market.open(token, deposit, { bond })
    if (typeof becomes === 'string') {
      expect(await refusalOf(opened)).toBe(becomes)
      expect((await market.books(token)).liabilities).toBe(0n)
      return
    }
    expect(await available(await opened)).toBe(becomes)
    expect(await market.books(token)).toEqual({ liabilities: becomes + bond, held: becomes + bond })
  })
})

/** All ways in which money leaves the pool. */
const PAYMENTS: readonly {
  what: string
  by: Trader
  entrypoint: string
  args: (token: string, refundable: bigint) => Value[]
  amount: bigint
}[] = [
  { what: 'the patient’s claim', by: 'patient', entrypoint: 'claim', args: (token) => [token], amount: SHARES.patient * 2n },
  {
    what: 'the hospital’s claim',
    by: 'hospital',
    entrypoint: 'claim_for_organisation',
    args: (token) => [token],
    amount: SHARES.hospital * 2n,
  },
  {
    what: 'the claim of many tokens',
    by: 'researcher',
    entrypoint: 'claim_many',
    args: (token) => [1, token],
    amount: DEPOSIT - 2n * PRICE + SHARES.pool,
  },
  {
    what: 'the pool’s share',
    by: 'owner',
    entrypoint: 'claim_pool_share',
    args: (token) => [token, market.people.owner],
    amount: SHARES.pool,
  },
  { what: 'the refund', by: 'researcher', entrypoint: 'refund', args: (_, study) => [study], amount: DEPOSIT },
]

/** Two studies in a token that behaves: one closed after two paid accesses, one that can be refunded. */
async function earned(token: string): Promise<bigint> {
  const [study, refundable] = [await market.open(token, DEPOSIT), await market.open(token, DEPOSIT)]
  for (const _ of [1, 2]) await market.settle(await market.ask(study))
  await market.passUntilClosable(study)
  await market.act('stranger', 'close', [study])
  return refundable
}

describe('money that was earned in a token that then', () => {
  const refusals: Partial<Record<Manner, string>> = {
    returnsFalse: 'Pool: token misbehaved',
    paused: 'Pool: token call failed',
    blocks: 'Pool: token call failed',
    movesLess: 'Pool: token misbehaved',
    takesMore: 'Pool: token misbehaved',
    reentersOrFails: 'Pool: token call failed',
    claimsRiches: 'Pool: token misbehaved',
    hidesBalances: 'Token: no balances today',
    movesNothing: 'Pool: token misbehaved',
  }

  test.each(
    (Object.keys(MANNERS) as Manner[]).map((manner) => ({
      manner,
      words: WORDS[manner],
      becomes: refusals[manner] ?? 'is paid to the unit',
    })),
  )('$words: $becomes; once it behaves again, everything is paid', async ({ manner }) => {
    const token = await oddToken()
    const refundable = await earned(token)
    const owed = await market.owed(token)
    const books = await market.books(token)
    expect(owed).toEqual({ patient: 1_500n, hospital: 400n, pool: 50n, researcher: 8_050n })
    expect(books).toEqual({ liabilities: 2n * DEPOSIT, held: 2n * DEPOSIT })
    await behave(token, manner)
    const reason = refusals[manner]
    if (reason !== undefined) {
      for (const { by, entrypoint, args } of PAYMENTS) {
        expect([entrypoint, await refusalOf(market.act(by, entrypoint, args(token, refundable)))]).toEqual([entrypoint, reason])
      }
      await behave(token, 'plain')
      expect(await market.owed(token)).toEqual(owed)
      expect(await market.books(token)).toEqual(books)
    }
    let left = 2n * DEPOSIT
    for (const { by, entrypoint, args, amount } of PAYMENTS) {
      await market.act(by, entrypoint, args(token, refundable))
      left -= amount
      expect([entrypoint, await market.books(token)]).toEqual([entrypoint, { liabilities: left, held: left }])
    }
    expect(left).toBe(0n)
    expect(await market.owed(token)).toEqual({ patient: 0n, hospital: 0n, pool: 0n, researcher: 0n })
  })

  test('blocks one who is owed: the others are paid', async () => {
    const token = await oddToken()
    const refundable = await earned(token)
    await behave(token, 'blocks', market.people.patient)
    for (const { by, entrypoint, args } of PAYMENTS) {
      const paid = market.act(by, entrypoint, args(token, refundable))
      if (by === 'patient') expect(await refusalOf(paid)).toBe('Pool: token call failed')
      else await paid
    }
    expect(await market.owed(token)).toEqual({ patient: 1_500n, hospital: 0n, pool: 0n, researcher: 0n })
    await behave(token, 'plain')
    await market.act('patient', 'claim', [token])
    expect(await market.books(token)).toEqual({ liabilities: 0n, held: 0n })
  })

  test('shrinks on its own: it pays while it lasts, and the rest once there is enough', async () => {
    const token = await oddToken()
    const refundable = await earned(token)
    await market.world.send([callTo(token, 'rebase', [market.pool, 1_600, 0])])
    await market.act('patient', 'claim', [token])
    expect(await refusalOf(market.act('hospital', 'claim_for_organisation', [token]))).toBe('Pool: token call failed')
    expect(await refusalOf(market.act('researcher', 'refund', [refundable]))).toBe('Pool: token call failed')
    await market.act('owner', 'claim_pool_share', [token, market.people.owner])
    expect(await market.books(token)).toEqual({ liabilities: 2n * DEPOSIT - 1_550n, held: 50n })
    await market.world.send([callTo(token, 'rebase', [market.pool, 2n * DEPOSIT - 1_550n, 0])])
    await market.act('hospital', 'claim_for_organisation', [token])
    await market.act('researcher', 'refund', [refundable])
    await market.act('researcher', 'claim', [token])
    expect(await market.books(token)).toEqual({ liabilities: 0n, held: 0n })
  })

  test('grows on its own: nobody is credited with it', async () => {
    const token = await oddToken()
    const refundable = await earned(token)
    const owed = await market.owed(token)
    await market.world.send([callTo(token, 'rebase', [market.pool, 2n ** 128n - 1n, 2n ** 128n - 1n])])
    expect(await market.owed(token)).toEqual(owed)
    for (const { by, entrypoint, args } of PAYMENTS) await market.act(by, entrypoint, args(token, refundable))
    expect(await market.books(token)).toEqual({ liabilities: 0n, held: 2n ** 256n - 1n - 2n * DEPOSIT })
  })

  test('takes a fee: the pool pays the whole amount, and the fee is the receiver’s', async () => {
    const token = await oddToken()
    await earned(token)
    await behave(token, 'takesFee')
    await market.act('patient', 'claim', [token])
    expect(await market.balance(token, market.people.patient)).toBe(1_485n)
  })
})

describe('a token that calls back while it is moved', () => {
  type CallBack = {
    by: Trader
    entrypoint: string
    args: (at: { token: string; study: bigint; open: bigint; digest: bigint; refundable: bigint }) => Value[]
    reason?: string
  }
  const callBacks: readonly CallBack[] = [
    { by: 'patient', entrypoint: 'claim', args: () => [plain] },
    { by: 'patient', entrypoint: 'claim', args: ({ token }) => [token] },
    { by: 'patient', entrypoint: 'claim_many', args: ({ token }) => [2, plain, token] },
    { by: 'hospital', entrypoint: 'claim_for_organisation', args: ({ token }) => [token] },
    { by: 'owner', entrypoint: 'claim_pool_share', args: ({ token }) => [token, market.people.owner] },
    { by: 'researcher', entrypoint: 'refund', args: ({ refundable }) => [refundable] },
    { by: 'researcher', entrypoint: 'fund', args: ({ study }) => [study, 5] },
    {
      by: 'researcher',
      entrypoint: 'open_study',
      args: ({ token }) => [...offerFelts(offer({ organisation: market.office, token, deadlineS: 4_000_000_000 })), 100],
    },
    { by: 'researcher', entrypoint: 'request', args: ({ study }) => [study, market.people.patient, market.hospital, 0x999] },
    { by: 'hospital', entrypoint: 'settle', args: ({ open, digest }) => [open, digest, ...openingFelts(market.opening), 0x999] },
    { by: 'hospital', entrypoint: 'refuse', args: ({ open, digest }) => [open, digest, 0x999] },
    { by: 'stranger', entrypoint: 'expire', args: ({ open }) => [open] },
    { by: 'stranger', entrypoint: 'close', args: ({ refundable }) => [refundable] },
    { by: 'stranger', entrypoint: 'compensate', args: ({ open }) => [open] },
    { by: 'owner', entrypoint: 'pause', args: () => [] },
    { by: 'owner', entrypoint: 'unpause', args: () => [], reason: 'Pool: not paused' },
  ]
  let at: Parameters<CallBack['args']>[0]
  beforeAll(async () => {
    const token = await oddToken()
    const refundable = await earned(token)
    const plainStudy = await market.open(plain, DEPOSIT)
    await market.settle(await market.ask(plainStudy))
    const study = await market.open(token, DEPOSIT)
    await market.settle(await market.ask(study))
    const { id, digest } = await market.ask(study)
    at = { token, study, open: id, digest, refundable }
  }, 60_000)

  test.each(callBacks.map((each, index) => ({ ...each, reason: each.reason ?? 'Pool: busy', index })))(
    '$index, to $entrypoint, by one who is entitled to it: $reason, when money comes in and when it goes out',
    async ({ by, entrypoint, args, reason }) => {
      await callBack(at.token, market.people[by], market.pool, entrypoint, args(at))
      const owed = [await market.owed(at.token), await market.owed(plain)]
      const before = await market.books(at.token)
      expect(answerOf(await market.act('researcher', 'fund', [at.study, 7]), market.people[by])).toBe(reason)
      expect([await market.owed(at.token), await market.owed(plain)]).toEqual(owed)
      expect(await market.books(at.token)).toEqual({ liabilities: before.liabilities + 7n, held: before.held + 7n })

      // Money out: a small claim of somebody who is none of them.
      await behave(at.token, 'plain')
      const pull = await market.open(at.token, 9n, { deadlineS: (await market.world.nowS()) + 10, answerWithinS: 60 })
      await market.world.pass(20)
      await callBack(at.token, market.people[by], market.pool, entrypoint, args(at))
      expect(answerOf(await market.act('researcher', 'refund', [pull]), market.people[by])).toBe(reason)
      expect([await market.owed(at.token), await market.owed(plain)]).toEqual(owed)
      expect(await market.books(at.token)).toEqual({ liabilities: before.liabilities + 7n, held: before.held + 7n })
    },
  )

  test('while the pool is paused: busy as well, and the pool is paused afterwards, not open', async () => {
    await market.act('owner', 'pause')
    await callBack(at.token, market.people.researcher, market.pool, 'fund', [at.study, 5])
    expect(answerOf(await market.act('hospital', 'claim_for_organisation', [at.token]), market.people.researcher)).toBe('Pool: busy')
    expect(await market.world.view(market.pool, 'is_paused')).toEqual([1n])
    await callBack(at.token, market.people.owner, market.pool, 'unpause', [])
    expect(answerOf(await market.act('patient', 'claim', [at.token]), market.people.owner)).toBe('Pool: not paused')
    expect(await market.world.view(market.pool, 'is_paused')).toEqual([1n])
    await market.act('owner', 'unpause')
  })

  test('to its own balances: what the pool has less is not paid out twice, what it has more is nobody’s', async () => {
    const token = await oddToken()
    const study = await market.open(token, DEPOSIT)
    const rebaseTo = async (balance: bigint) => {
      await callBack(token, market.people.stranger, token, 'rebase', [market.pool, balance, 0])
    }
    await rebaseTo(DEPOSIT - 5_001n)
    expect(await refusalOf(market.act('researcher', 'fund', [study, 5_000]))).toBe('Pool: token misbehaved')
    await rebaseTo(DEPOSIT + 500n)
    await market.act('researcher', 'fund', [study, 5_000])
    expect(await market.books(token)).toEqual({ liabilities: DEPOSIT + 5_000n, held: DEPOSIT + 5_500n })
    await behave(token, 'plain')
    await market.settle(await market.ask(study))
    await rebaseTo(DEPOSIT)
    expect(await refusalOf(market.act('patient', 'claim', [token]))).toBe('Pool: token misbehaved')
    await behave(token, 'plain')
    await market.act('patient', 'claim', [token])
    expect(await market.balance(token, market.people.patient)).toBe(SHARES.patient)
  })

  test('to its own manner: it says after the transfer that the pool is rich, and gets no more credit than was asked', async () => {
    const token = await oddToken()
    const study = await market.open(token, DEPOSIT)
    const others = await market.books(plain)
    await callBack(token, market.people.stranger, token, 'set_manner', [MANNERS.claimsRiches])
    await market.act('researcher', 'fund', [study, 1])
    expect((await market.books(token)).liabilities).toBe(DEPOSIT + 1n)
    expect(await market.books(plain)).toEqual(others)
  })
})

describe('a study in an ordinary token lives its whole life while another token', () => {
  test.each((Object.keys(MANNERS) as Manner[]).map((manner) => ({ manner, words: WORDS[manner] })))('$words', async ({ manner }) => {
    const odd = await oddToken()
    const oddStudy = await market.open(odd, DEPOSIT)
    await market.settle(await market.ask(oddStudy))
    const [token = ''] = await market.world.deploy('TestToken', [])
    await market.stock(token)
    await behave(odd, manner)
    const rest = 4n * PRICE

    const study = await market.open(token, DEPOSIT - PRICE, { bond: 77n })
    await market.act('researcher', 'fund', [study, PRICE])
    const [one, two, three, refused, late] = [
      await market.ask(study),
      await market.ask(study),
      await market.ask(study),
      await market.ask(study),
      await market.ask(study),
    ]
    for (const asked of [one, two, three]) await market.settle(asked)
    await market.act('hospital', 'refuse', [refused.id, refused.digest, 0xeee])
    expect(await market.owed(token)).toEqual({ patient: 2_250n, hospital: 600n, pool: 0n, researcher: 0n })
    await market.act('patient', 'claim', [token])
    expect(await market.balance(token, market.people.patient)).toBe(2_250n)

    // A claim of both is all or nothing; a claim of one is not held up by the other.
    await market.settle(await market.ask(study))
    const both = market.world.simulate([{ by: market.people.patient, call: callTo(market.pool, 'claim_many', [2, token, odd]) }])
    const alone = market.world.simulate([{ by: market.people.patient, call: callTo(market.pool, 'claim', [odd]) }])
    expect((await both)[0]).toEqual((await alone)[0]?.isOk === true ? { isOk: true, values: [] } : (await alone)[0])
    expect((await market.owed(token)).patient).toBe(SHARES.patient)
    await market.act('patient', 'claim_many', [1, token])

    await market.world.pass(2 * 86_400)
    await market.act('stranger', 'expire', [late.id])
    await market.act('hospital', 'claim_for_organisation', [token])
    await market.passUntilClosable(study)
    const before = await market.balance(token, market.people.researcher)
    await market.act('researcher', 'refund', [study])
    expect((await market.balance(token, market.people.researcher)) - before).toBe(DEPOSIT - rest)
    await market.act('stranger', 'close', [study])
    await market.act('researcher', 'claim', [token])
    expect((await market.balance(token, market.people.researcher)) - before).toBe(DEPOSIT - rest + 77n + 100n)
    await market.act('owner', 'claim_pool_share', [token, market.people.owner])
    expect(await market.books(token)).toEqual({ liabilities: 0n, held: 0n })

    // And the odd one: its study can be asked in, answered and closed whatever it does, and pays once it behaves.
    await market.act('stranger', 'close', [oddStudy])
    await behave(odd, 'plain')
    for (const { by, entrypoint, args } of PAYMENTS.slice(0, 4)) await market.act(by, entrypoint, args(odd, oddStudy))
    expect(await market.books(odd)).toEqual({ liabilities: 0n, held: 0n })
  })
})

describe('amounts at the ends of what numbers hold', () => {
  test.each<[string, bigint, string | undefined]>([
    ['2^112 - 1 is the largest deposit', 2n ** 112n - 1n, undefined],
    ['2^112 is refused', 2n ** 112n, 'Pool: amount too large'],
    ['2^127 is refused', 2n ** 127n, 'Pool: amount too large'],
    ['2^128 - 1 is refused', 2n ** 128n - 1n, 'Pool: amount too large'],
  ])('%s', async (_, deposit, reason) => {
    const token = await oddToken()
    await market.world.send([callTo(token, 'mint', [market.people.researcher, 0, 2n ** 100n])])
    if (reason !== undefined) {
      expect(await refusalOf(market.open(token, deposit))).toBe(reason)
      expect(await refusalOf(market.open(token, 1n, { bond: deposit }))).toBe(reason)
      expect(await refusalOf(market.open(token, 1n, { price: deposit }))).toBe(reason)
      return
    }
    const study = await market.open(token, deposit, { price: deposit })
    expect(await refusalOf(market.act('researcher', 'fund', [study, 1]))).toBe('Pool: amount too large')
    expect(await refusalOf(market.open(token, 1n))).toBe('Pool: amount too large')
    await market.settle(await market.ask(study))
    const { patient, hospital } = await market.owed(token)
    expect([patient, hospital]).toEqual([deposit - (deposit * 2_000n) / 10_000n - (deposit * 500n) / 10_000n, (deposit * 2_000n) / 10_000n])
    await market.passUntilClosable(study)
    await market.act('stranger', 'close', [study])
    for (const { by, entrypoint, args } of PAYMENTS.slice(0, 4)) await market.act(by, entrypoint, args(token, study))
    expect(await market.books(token)).toEqual({ liabilities: 0n, held: 0n })
  })

  test('a pool whose balance the token has set to 2^256 - 1 takes no more, and still pays', async () => {
    const token = await oddToken()
    const study = await market.open(token, DEPOSIT)
    await market.settle(await market.ask(study))
    await market.world.send([callTo(token, 'rebase', [market.pool, 2n ** 128n - 1n, 2n ** 128n - 1n])])
    expect(await refusalOf(market.act('researcher', 'fund', [study, 5]))).toBe('Pool: token call failed')
    await market.act('patient', 'claim', [token])
    expect((await market.books(token)).liabilities).toBe(DEPOSIT - SHARES.patient)
  })
})
