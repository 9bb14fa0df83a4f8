import { type Felt, felt } from '@medsync/protocol'
import { CallData, createAbiParser, events } from 'starknet'
import * as z from 'zod'
import { abis } from '../abis.ts'
import type { Chain, ContractName } from '../deployment.ts'
import { UnknownEventError } from '../errors.ts'
import {
  type ChainEvent,
  type ChainEventName,
  type EventPlace,
  eventShapes,
  type PendingEvent,
  type SetAsideEvent,
  type UnreadEvent,
} from './chainEvent.ts'
import { type EventLayout, layoutsOf, type Slot } from './eventLayout.ts'

/** An event as a node gives it. */
export type RawEvent = {
  readonly from_address: Felt
  readonly transaction_hash: Felt
  readonly keys: readonly Felt[]
  readonly data: readonly Felt[]
}

type Decoded = { readonly type: ChainEventName } & Record<string, unknown>
type Felts = Pick<RawEvent, 'keys' | 'data'>

const CONTRACTS = Object.keys(abis) as ContractName[]
const readers = new Map(CONTRACTS.map((contract) => [contract, { layouts: layoutsOf(contract), fieldsOf: fieldReader(contract) }]))

/**
 * Decodes an event of one of our contracts by its ABI and checks it.
 * @returns Its type and fields, in camel case.
 * @throws {UnknownEventError} It is from another contract, has no entry in the ABI, or is not of the shape it should have.
 */
export function decodeEvent(chain: Chain, event: RawEvent): Decoded {
  const contract = contractOf(chain, event)
  if (contract === undefined) throw new UnknownEventError(`from ${event.from_address} in ${event.transaction_hash}`)
  const read = readFelts(contract, event)
  if (read.type === 'SetAside') throw new UnknownEventError(`${read.of ?? event.keys[0]} in ${event.transaction_hash}: ${read.reason}`)
  return read
}

/**
 * Reads an event of one of our contracts; what cannot be read comes back as `SetAside`. Never fails for what stands in an event.
 * @returns Undefined: it is from another contract.
 */
export function readEvent(chain: Chain, event: RawEvent, at: EventPlace): ChainEvent | undefined {
  const contract = contractOf(chain, event)
  return contract === undefined ? undefined : ({ ...readFelts(contract, event), at } as ChainEvent)
}

/** As `readEvent`, while it is only pre-confirmed. */
export function readPendingEvent(chain: Chain, event: RawEvent): PendingEvent | undefined {
  const contract = contractOf(chain, event)
  return contract === undefined ? undefined : ({ ...readFelts(contract, event), transaction: event.transaction_hash } as PendingEvent)
}

/** Reads an event once more that an earlier version set aside: this one may know it. */
export function readAgain({ contract, keys, data, at }: SetAsideEvent): ChainEvent {
  return { ...readFelts(contract, { keys, data }), at } as ChainEvent
}

/** What the ABI promises of an event with this selector; undefined when the contract has none such. */
export function layoutOf(contract: ContractName, selector: Felt | undefined): EventLayout | undefined {
  return selector === undefined ? undefined : readers.get(contract)?.layouts.get(selector)
}

function contractOf({ contracts }: Chain, { from_address }: RawEvent): ContractName | undefined {
  return CONTRACTS.find((name) => contracts[name] === from_address)
}

function readFelts(contract: ContractName, event: Felts): Decoded | ({ readonly type: 'SetAside' } & UnreadEvent) {
  const keys = event.keys.map((key) => felt(key))
  const data = event.data.map((value) => felt(value))
  const layout = layoutOf(contract, keys[0])
  const setAside = (reason: UnreadEvent['reason']) =>
    ({ type: 'SetAside', contract, of: layout?.name ?? null, reason, keys, data }) as const
  if (layout === undefined) return setAside('unknown-event')
  if (keys.length !== layout.keys.length + 1 || data.length !== layout.data.length) return setAside('wrong-length')
  const isInRange = areBelow(layout.keys, keys.slice(1)) && areBelow(layout.data, data)
  const fields = isInRange ? readers.get(contract)?.fieldsOf({ keys, data }) : undefined
  const parsed = fields === undefined ? undefined : eventShapes[layout.name].safeParse({ contract, ...fields })
  return parsed?.success === true ? { type: layout.name, ...parsed.data } : setAside('out-of-range')
}

function areBelow(slots: readonly Slot[], felts: readonly Felt[]): boolean {
  return slots.every(({ below }, index) => BigInt(felts[index] ?? 0) < below)
}

const fieldsSchema = z.record(z.string(), z.unknown())

/** Decodes felts whose number and sizes are checked; undefined for what starknet.js refuses all the same. */
function fieldReader(contract: ContractName): (event: Felts) => Record<string, unknown> | undefined {
  const abi = [...abis[contract]]
  const [entries, structs, enums, parser] = [
    events.getAbiEvents(abi),
    CallData.getAbiStruct(abi),
    CallData.getAbiEnum(abi),
    createAbiParser(abi),
  ]
  return ({ keys, data }) => {
    try {
      const plain = { keys: [...keys], data: [...data] }
      const [found] = events.parseEvents([plain as never], entries, structs, enums, parser)
      return camelCased(fieldsSchema.parse(Object.values(found ?? {})[0]))
    } catch {
      return undefined
    }
  }
}

/** Names in camel case, in structures within as well. */
function camelCased(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [camelCase(key), isStructure(field) ? camelCased(field) : field]))
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
