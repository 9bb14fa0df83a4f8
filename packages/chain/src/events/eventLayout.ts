import { type Felt, felt } from '@medsync/protocol'
import { hash } from 'starknet'
import { abis } from '../abis.ts'
import type { ContractName } from '../deployment.ts'
import { type ChainEventName, eventShapes } from './chainEvent.ts'

/** One felt of an event: the field it belongs to, and the smallest number that it can no longer be. */
export type Slot = { readonly field: string; readonly below: bigint }

/** What the ABI promises of an event: its felts, in order. */
export type EventLayout = { readonly name: ChainEventName; readonly keys: readonly Slot[]; readonly data: readonly Slot[] }

type Entry = (typeof abis)[ContractName][number]
type Member = { readonly name: string; readonly type: string }

const U128 = 2n ** 128n
/** Types that are one felt, and how large it can be. Every felt is below the prime already; Cairo keeps addresses and class hashes below 2^251. */
const LIMITS: Readonly<Record<string, bigint>> = {
  'core::bool': 2n,
  'core::integer::u8': 2n ** 8n,
  'core::integer::u16': 2n ** 16n,
  'core::integer::u32': 2n ** 32n,
  'core::integer::u64': 2n ** 64n,
  'core::integer::u128': U128,
  'core::felt252': 2n ** 252n,
  'core::starknet::contract_address::ContractAddress': 2n ** 251n,
  'core::starknet::class_hash::ClassHash': 2n ** 251n,
}

/** The layouts of a contract's events, by selector. */
export function layoutsOf(contract: ContractName): ReadonlyMap<Felt, EventLayout> {
  const entries: readonly Entry[] = abis[contract]
  const structs = new Map<string, readonly Member[]>(
    entries.flatMap((entry) => (entry.type === 'struct' ? [[entry.name, entry.members]] : [])),
  )
  const slotsOf = ({ name, type }: Member): Slot[] => {
    const limit = LIMITS[type]
    if (limit !== undefined) return [{ field: name, below: limit }]
    if (type === 'core::integer::u256') return [name, name].map((field) => ({ field, below: U128 }))
    const members = structs.get(type)
    if (members === undefined) throw new RangeError(`events have no fields of type ${type} so far: say how many felts it has`)
    return members.flatMap(slotsOf)
  }
  return new Map(
    entries.flatMap((entry) => {
      const name = entry.type === 'event' ? entry.name.slice(entry.name.lastIndexOf('::') + 2) : ''
      if (entry.type !== 'event' || entry.kind !== 'struct' || !isEventName(name)) return []
      const members: readonly (Member & { kind: string })[] = entry.members
      const [keys, data] = ['key', 'data'].map((kind) => members.filter((member) => member.kind === kind).flatMap(slotsOf))
      return [[felt(hash.getSelectorFromName(name)), { name, keys: keys ?? [], data: data ?? [] }]]
    }),
  )
}

function isEventName(name: string): name is ChainEventName {
  return Object.hasOwn(eventShapes, name)
}
