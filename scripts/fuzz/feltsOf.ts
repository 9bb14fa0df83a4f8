import { abis } from '@medsync/chain'
import { oddTokenAbi, puppetAbi, testTokenAbi } from '../../packages/chain/src/generated/index.ts'
import type { Reaction } from '../../test/model/puppet.ts'
import type { Call, Value } from '../../test/model/world.ts'
import { AbiFelts, MisfitError, selectorOf } from './abiFelts.ts'

/** The ABI of each kind of contract in a run. */
export const abiFelts: Readonly<Record<string, AbiFelts>> = {
  participants: new AbiFelts([...abis.participants]),
  consentRegistry: new AbiFelts([...abis.consentRegistry]),
  accessLog: new AbiFelts([...abis.accessLog]),
  rewardPool: new AbiFelts([...abis.rewardPool]),
  testToken: new AbiFelts([...testTokenAbi]),
  oddToken: new AbiFelts([...oddTokenAbi]),
  puppet: new AbiFelts([...puppetAbi]),
}

/** Says what kind of contract stands at an address. */
export type KindOf = (address: bigint) => string | undefined

/** Calldata of a call; a call of nothing at all carries no calldata. */
export function calldataOf(kindOf: KindOf, { to, fn, args }: Pick<Call, 'to' | 'fn' | 'args'>): bigint[] {
  const kind = kindOf(to)
  const felts = kind === undefined ? undefined : abiFelts[kind]
  if (felts?.functions.has(fn) !== true) return []
  const [reaction] = args
  if (fn === 'set_reaction' && isReaction(reaction)) {
    const inner = calldataOf(kindOf, reaction)
    return [reaction.to, selectorOf(reaction.fn), BigInt(inner.length), ...inner]
  }
  return felts.calldata(fn, args)
}

/** Whether a call fits its ABI. */
export function isEncodable(kindOf: KindOf, call: Call): boolean {
  try {
    calldataOf(kindOf, call)
    return true
  } catch (error) {
    if (error instanceof MisfitError) return false
    throw error
  }
}

function isReaction(value: Value | undefined): value is Reaction & { readonly [field: string]: Value } {
  return typeof value === 'object' && !Array.isArray(value) && 'fn' in value
}
