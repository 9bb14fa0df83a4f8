import { type Abi, hash } from 'starknet'

type Entry = Abi[number]

/**
 * The SNIP-5 id of an interface: the XOR of the extended selectors of its functions.
 * @param abi - ABI of a contract that has the interface.
 * @param name - Its last part, e.g. `IConsentRegistry`.
 * @throws {RangeError} The ABI has no such interface.
 * @source https://github.com/starknet-io/SNIPs/blob/main/SNIPS/snip-5.md
 */
export function interfaceId(abi: Abi, name: string): bigint {
  const found = abi.find((entry: Entry) => entry.type === 'interface' && entry.name.endsWith(`::${name}`))
  if (found === undefined) throw new RangeError(`The ABI has no interface ${name}.`)
  const selectors: bigint[] = found.items.map((item: Entry) => BigInt(hash.starknetKeccak(extendedSignature(abi, item))))
  return selectors.reduce((id, selector) => id ^ selector, 0n)
}

/** Name, inputs and output of a function with every type spelt out: `decide(ContractAddress,(felt252,u8),u8)->u8`. */
export function extendedSignature(abi: Abi, { name, inputs, outputs }: Entry): string {
  const types = inputs.map(({ type }: Entry) => spell(abi, type)).join(',')
  const output = outputs[0]?.type
  return `${name}(${types})${output === undefined ? '' : `->${spell(abi, output)}`}`
}

function spell(abi: Abi, type: string): string {
  if (type === 'core::bool') return 'E((),())'
  if (type === 'core::integer::u256') return '(u128,u128)'
  const generic = /^core::array::(Array|Span)::<(.*)>$/.exec(type)
  if (generic !== null) {
    const array = `Array<${spell(abi, generic[2] ?? '')}>`
    return generic[1] === 'Span' ? `(@${array})` : array
  }
  const struct = abi.find((entry: Entry) => entry.type === 'struct' && entry.name === type)
  if (struct !== undefined) return `(${struct.members.map((member: Entry) => spell(abi, member.type)).join(',')})`
  return type.split('::').at(-1) ?? type
}
