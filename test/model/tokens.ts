import { type Reaction, reactionsModel } from './puppet.ts'
import { Table } from './table.ts'
import { type Contract, check, MAX_U256, type World } from './world.ts'

/** How an odd token behaves; numbers as in contracts/cairo/test/odd_token.cairo. */
export const MANNERS = {
  plain: 0n,
  takesFee: 1n,
  returnsFalse: 2n,
  returnsNothing: 3n,
  revertsOnZero: 4n,
  paused: 5n,
  blocks: 6n,
  movesLess: 7n,
  takesMore: 8n,
  reenters: 9n,
  reentersOrFails: 10n,
  claimsRiches: 11n,
  hidesBalances: 12n,
  movesNothing: 13n,
}

/** An ERC-20 with manners; a plain one answers `true` always, and has no functions to change that. */
export function tokenModel(world: World, address: bigint, kind: 'testToken' | 'oddToken') {
  const { journal } = world
  const balances = new Table(journal, 0n, (account) => ({ to: address, fn: 'balance_of', args: [account ?? 0n] }))
  const allowances = new Table(journal, 0n, kind === 'oddToken' ? undefined : (...args) => ({ to: address, fn: 'allowance', args }))
  const manners = new Table(journal, MANNERS.plain)
  const blocked = new Table(journal, 0n)
  const reactions = reactionsModel(world, address)
  const isOdd = kind === 'oddToken'

  const add = (account: bigint, amount: bigint): void => {
    const sum = balances.get(account) + amount
    check(sum <= MAX_U256, 'u256_add Overflow')
    balances.set([account], sum)
  }
  const move = (from: bigint, to: bigint, amount: bigint) => {
    const manner = manners.get(0n)
    check(manner !== MANNERS.paused, 'Token: paused')
    check(manner !== MANNERS.revertsOnZero || amount !== 0n, 'Token: zero amount')
    const stopped = blocked.get(0n)
    check(manner !== MANNERS.blocks || (from !== stopped && to !== stopped), 'Token: blocked')
    if (manner === MANNERS.reenters || manner === MANNERS.reentersOrFails) {
      const said = reactions.react()
      if (said !== undefined) outcomes.set([0n], said)
      check(manner === MANNERS.reenters || outcomes.get(0n) === '1', 'Token: reaction failed')
    }
    let [taken, given] = [amount, amount]
    if (manner === MANNERS.takesFee) given = amount - amount / 100n
    if (manner === MANNERS.returnsFalse || manner === MANNERS.movesNothing) [taken, given] = [0n, 0n]
    if (manner === MANNERS.movesLess) [taken, given] = [amount / 2n, amount / 2n]
    if (manner === MANNERS.takesMore) taken = amount * 2n
    check(taken <= MAX_U256, 'u256_mul Overflow')
    const balance = balances.get(from)
    check(balance >= taken, 'Token: balance too small')
    balances.set([from], balance - taken)
    add(to, given)
    if (!isOdd) return true
    if (manner === MANNERS.returnsNothing) return { values: [] }
    return { values: [manner === MANNERS.returnsFalse ? 0n : 1n] }
  }
  const outcomes = new Table(journal, '0')

  const plain: Contract['functions'] = {
    balance_of: (_, account: bigint) => {
      check(manners.get(0n) !== MANNERS.hidesBalances, 'Token: no balances today')
      return manners.get(0n) === MANNERS.claimsRiches ? MAX_U256 : balances.get(account)
    },
    mint: (_, to: bigint, amount: bigint) => {
      add(to, amount)
      return []
    },
    approve: (owner, spender: bigint, amount: bigint) => {
      allowances.set([owner, spender], amount)
      return true
    },
    transfer: (from, to: bigint, amount: bigint) => move(from, to, amount),
    transfer_from: (spender, from: bigint, to: bigint, amount: bigint) => {
      const allowance = allowances.get(from, spender)
      check(allowance >= amount, 'Token: allowance too small')
      allowances.set([from, spender], allowance - amount)
      return move(from, to, amount)
    },
  }
  const odd: Contract['functions'] = {
    set_manner: (_, manner: bigint) => {
      manners.set([0n], manner)
      return []
    },
    block: (_, account: bigint) => {
      blocked.set([0n], account)
      return []
    },
    set_reaction: (_, reaction: Reaction) => {
      reactions.set(reaction)
      return []
    },
    rebase: (_, account: bigint, balance: bigint) => {
      balances.set([account], balance)
      return []
    },
  }
  const functions = isOdd
    ? { ...plain, ...odd }
    : { ...plain, allowance: (_: bigint, owner: bigint, spender: bigint) => allowances.get(owner, spender) }
  return world.add({ address, kind, functions, balances, allowances, manners })
}
