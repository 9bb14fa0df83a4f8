import type { Abi } from 'starknet'
import { hash } from 'starknet'
import * as z from 'zod'
import type { Value } from '../../test/model/world.ts'

const memberSchema = z.object({ name: z.string(), type: z.string(), kind: z.string().optional() })
const functionSchema = z.object({
  type: z.literal('function'),
  name: z.string(),
  inputs: z.array(memberSchema),
  outputs: z.array(z.object({ type: z.string() })),
  state_mutability: z.string(),
})
const itemsSchema = z.array(
  z.union([
    functionSchema,
    z.object({ type: z.literal('struct'), name: z.string(), members: z.array(memberSchema) }),
    z.object({ type: z.literal('event'), kind: z.literal('struct'), name: z.string(), members: z.array(memberSchema) }),
    z.object({ type: z.literal('interface'), items: z.array(functionSchema) }),
    z.object({ type: z.string() }),
  ]),
)

type AbiFunction = z.output<typeof functionSchema>
type Member = z.output<typeof memberSchema>

/** A value that does not fit its type in the ABI: the fuzzer itself is wrong. */
export class MisfitError extends Error {
  override readonly name = 'MisfitError'
}

/** Turns values into felts and back as one ABI says; knows nothing of what the contracts do. */
export class AbiFelts {
  readonly functions = new Map<string, AbiFunction>()
  readonly #structs = new Map<string, Member[]>()
  readonly #events = new Map<string, Member[]>()
  readonly #eventNames = new Map<bigint, string>()

  constructor(abi: Abi) {
    for (const item of itemsSchema.parse(abi)) {
      if ('items' in item) for (const fn of item.items) this.functions.set(fn.name, fn)
      else if ('inputs' in item) this.functions.set(item.name, item)
      else if ('kind' in item) {
        const name = item.name.split('::').at(-1) ?? item.name
        this.#events.set(name, item.members)
        this.#eventNames.set(BigInt(hash.getSelectorFromName(name)), name)
      } else if ('members' in item) this.#structs.set(item.name, item.members)
    }
  }

  /** Names of the functions that may change something. */
  externals(): string[] {
    return [...this.functions.values()].filter(({ state_mutability }) => state_mutability === 'external').map(({ name }) => name)
  }

  calldata(fn: string, args: readonly Value[]): bigint[] {
    const { inputs } = this.#functionOf(fn)
    if (inputs.length !== args.length) throw new MisfitError(`${fn} takes ${inputs.length} arguments, not ${args.length}`)
    return inputs.flatMap(({ type, name }, index) => this.#encode(type, args[index] ?? 0n, `${fn}.${name}`))
  }

  returned(fn: string, value: Value): bigint[] {
    return this.#functionOf(fn).outputs.flatMap(({ type }) => this.#encode(type, value, fn))
  }

  /** Keys and data of an event. */
  event(name: string, fields: { readonly [field: string]: Value }): { keys: bigint[]; data: bigint[] } {
    const members = this.#events.get(name)
    if (members === undefined) throw new MisfitError(`no event ${name}`)
    const part = (kind: string): bigint[] =>
      members
        .filter((member) => member.kind === kind)
        .flatMap((member) => this.#encode(member.type, fields[member.name] ?? '', `${name}.${member.name}`))
    return { keys: [selectorOf(name), ...part('key')], data: part('data') }
  }

  /** The name of an event by its first key. */
  eventName(selector: bigint): string | undefined {
    return this.#eventNames.get(selector)
  }

  /** Fields of an event from its keys and data; undefined when it is none of this contract's. */
  fields(keys: readonly bigint[], data: readonly bigint[]): { name: string; fields: { readonly [field: string]: Value } } | undefined {
    const name = this.#eventNames.get(keys[0] ?? 0n)
    const members = this.#events.get(name ?? '')
    if (name === undefined || members === undefined) return undefined
    const left = { key: [...keys.slice(1)], data: [...data] }
    return {
      name,
      fields: Object.fromEntries(
        members.map(({ name: field, type, kind }) => [field, this.#decode(type, left[kind === 'key' ? 'key' : 'data'])]),
      ),
    }
  }

  #decode(type: string, left: bigint[]): Value {
    const next = (): bigint => left.shift() ?? 0n
    if (type.endsWith('::u256')) return next() + (next() << 128n)
    if (type === 'core::bool') return next() === 1n
    const members = this.#structs.get(type)
    if (members === undefined) return next()
    return Object.fromEntries(members.map((member) => [member.name, this.#decode(member.type, left)]))
  }

  #functionOf(fn: string): AbiFunction {
    const found = this.functions.get(fn)
    if (found === undefined) throw new MisfitError(`no function ${fn}`)
    return found
  }

  #encode(type: string, value: Value, where: string): bigint[] {
    if (typeof value === 'boolean') return [value ? 1n : 0n]
    if (typeof value === 'bigint') {
      if (value < 0n || value >= limitOf(type)) throw new MisfitError(`${where}: ${value} is no ${type}`)
      return type.endsWith('::u256') ? [value % 2n ** 128n, value / 2n ** 128n] : [value]
    }
    if (typeof value === 'string') throw new MisfitError(`${where}: "${value}" is no ${type}`)
    if (Array.isArray(value)) {
      const inner = /^core::array::(?:Span|Array)::<(.*)>$/.exec(type)?.[1]
      if (inner === undefined) throw new MisfitError(`${where}: a list is no ${type}`)
      return [BigInt(value.length), ...value.flatMap((each: Value) => this.#encode(inner, each, where))]
    }
    const fields = Object.entries(value)
    // Felts with no length before them: what a contract that keeps to no interface returns.
    if (type.endsWith('::Answer')) return fields.flatMap(([, values]) => (Array.isArray(values) ? values : []))
    const members = this.#structs.get(type)
    if (members === undefined || members.length !== fields.length) throw new MisfitError(`${where}: fields of ${type}`)
    return members.flatMap((member) =>
      this.#encode(member.type, fields.find(([name]) => name === member.name)?.[1] ?? '', `${where}.${member.name}`),
    )
  }
}

const selectors = new Map<string, bigint>()

/** Selector of a function or event. */
export function selectorOf(name: string): bigint {
  const before = selectors.get(name)
  if (before !== undefined) return before
  const selector = BigInt(hash.getSelectorFromName(name))
  selectors.set(name, selector)
  return selector
}

const PRIME = 2n ** 251n + 17n * 2n ** 192n + 1n

/** What a value of this type must be below. */
function limitOf(type: string): bigint {
  const bits = /::u(\d+)$/.exec(type)?.[1]
  if (bits !== undefined) return 1n << BigInt(bits)
  if (type === 'core::felt252') return PRIME
  if (type.endsWith('::ContractAddress') || type.endsWith('::ClassHash')) return 2n ** 251n - 256n
  return 0n
}
