import type { Abi } from 'starknet'

const ORDER = ['impl', 'interface', 'struct', 'enum', 'function', 'constructor', 'l1_handler', 'event']
const WIDTH = 140

/** `ConsentRegistry` -> `consentRegistryAbi`. */
export function abiName(contract: string): string {
  return `${contract[0]!.toLowerCase()}${contract.slice(1)}Abi`
}

/** An ABI with its top level in one fixed order: kind, then name. What has a meaning by its place (members, inputs) keeps it. */
export function sortAbi(abi: Abi): Abi {
  return [...abi].sort((a, b) => rank(a) - rank(b) || compare(a.name, b.name))
}

/** The text of the TypeScript module that exports the ABI as a constant, so that calls are checked against it. */
export function abiModule(contract: string, abi: Abi): string {
  const entries = sortAbi(abi).map((entry) => `  ${literal(entry, '  ')},\n`)
  return `// Made from contracts/cairo by \`npm run contracts:build\`; not to be edited.\nexport const ${abiName(contract)} = [\n${entries.join('')}] as const\n`
}

function rank(entry: Abi[number]): number {
  return ORDER.indexOf(entry.type)
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function literal(value: unknown, indent: string): string {
  const flat = flatLiteral(value)
  if (indent.length + flat.length < WIDTH) return flat
  const deeper = `${indent}  `
  if (Array.isArray(value)) return `[\n${value.map((item) => `${deeper}${literal(item, deeper)},\n`).join('')}${indent}]`
  const members = Object.entries(value as object).map(([key, item]) => `${deeper}${key}: ${literal(item, deeper)},\n`)
  return `{\n${members.join('')}${indent}}`
}

function flatLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatLiteral).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${flatLiteral(item)}`)
      .join(', ')} }`
  }
  return typeof value === 'string' ? `'${value}'` : String(value)
}
