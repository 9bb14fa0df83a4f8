import { type Felt, felt } from '@medsync/protocol'
import { CallData, createAbiParser, events } from 'starknet'
import * as z from 'zod'
import { abis } from '../abis.ts'
import type { Chain, ContractName } from '../deployment.ts'
import { UnknownEventError } from '../errors.ts'
import { type ChainEventName, eventShapes } from './chainEvent.ts'

/** An event as a node gives it. */
export type RawEvent = {
  readonly from_address: Felt
  readonly transaction_hash: Felt
  readonly keys: readonly Felt[]
  readonly data: readonly Felt[]
}

type Decoder = (event: RawEvent) => { readonly type: ChainEventName; readonly fields: Record<string, unknown> }

const decoders = new Map<ContractName, Decoder>((Object.keys(abis) as ContractName[]).map((contract) => [contract, decoderOf(contract)]))

/**
 * Decodes an event of one of our contracts by its ABI and checks it.
 * @returns Its type and fields, in camel case.
 * @throws {UnknownEventError} It is from another contract, has no entry in the ABI, or is not of the shape it should have.
 */
export function decodeEvent(chain: Chain, event: RawEvent): { type: ChainEventName } & Record<string, unknown> {
  const contract = (Object.keys(chain.contracts) as ContractName[]).find((name) => chain.contracts[name] === event.from_address)
  const decode = contract === undefined ? undefined : decoders.get(contract)
  if (decode === undefined) throw new UnknownEventError(`from ${event.from_address} in ${event.transaction_hash}`)
  const { type, fields } = decode(event)
  const parsed = eventShapes[type].safeParse({ contract, ...fields })
  if (!parsed.success) throw new UnknownEventError(`${type} in ${event.transaction_hash}`)
  return { type, ...parsed.data }
}

function decoderOf(contract: ContractName): Decoder {
  const abi = [...abis[contract]]
  const [entries, structs, enums, parser] = [
    events.getAbiEvents(abi),
    CallData.getAbiStruct(abi),
    CallData.getAbiEnum(abi),
    createAbiParser(abi),
  ]
  return (event) => {
    const plain = { from_address: event.from_address, keys: event.keys.map(withoutZeros), data: [...event.data] }
    const [found] = events.parseEvents([plain as never], entries, structs, enums, parser)
    const [path, fields] = Object.entries(found ?? {}).find(([name]) => name.includes('::')) ?? []
    const type = path?.slice(path.lastIndexOf('::') + 2)
    if (type === undefined || !isEventName(type)) throw new UnknownEventError(`${event.keys[0]} in ${event.transaction_hash}`)
    return { type, fields: camelCased(fieldsSchema.parse(fields)) }
  }
}

const fieldsSchema = z.record(z.string(), z.unknown())

function isEventName(name: string): name is ChainEventName {
  return Object.hasOwn(eventShapes, name)
}

/** starknet.js looks selectors up by text. */
function withoutZeros(key: Felt): Felt {
  return felt(key)
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
