import type { Call, Value } from '../../test/model/world.ts'
import type { Difference } from './play.ts'
import type { Shrunk } from './shrink.ts'
import { START_S } from './stage.ts'
import type { Addresses } from './theatre.ts'

/** A failure as people read it: the calls that lead there, then what differs. */
export function tellFailure(addresses: Addresses, { calls, difference, tries }: Shrunk): string {
  const names = namesOf(addresses)
  const told = calls.map(({ nowS, call }) => `  ${String(nowS - START_S).padStart(9)} s  ${tellCall(names, call)}`)
  return [`${calls.length} calls show it (after ${tries} tries to leave some out):`, ...told, tellDifference(addresses, difference)].join(
    '\n',
  )
}

/** What the model expected and what happened. */
export function tellDifference(addresses: Addresses, { call, cause, what, expected, actual }: Difference): string {
  const names = namesOf(addresses)
  const where = cause === undefined || cause === call ? '' : ` (seen after ${cause.fn})`
  return [
    `The ${what} of ${tellCall(names, call)}${where} differs:`,
    `  model: ${named(names, expected)}`,
    `  chain: ${named(names, actual)}`,
  ].join('\n')
}

function namesOf({ actors, contracts }: Addresses): Map<bigint, string> {
  return new Map(Object.entries({ ...actors, ...contracts }).map(([name, address]) => [address, name]))
}

function tellCall(names: Map<bigint, string>, { from, to, fn, args }: Call): string {
  return `${tellValue(names, from)} -> ${tellValue(names, to)}.${fn}(${args.map((arg) => tellValue(names, arg)).join(', ')})`
}

function tellValue(names: Map<bigint, string>, value: Value): string {
  if (typeof value === 'bigint') return names.get(value) ?? (value < 2n ** 64n ? `${value}` : `0x${value.toString(16)}`)
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${value.map((each: Value) => tellValue(names, each)).join(', ')}]`
  return `{${Object.entries(value)
    .map(([name, each]) => `${name}: ${tellValue(names, each)}`)
    .join(', ')}}`
}

function named(names: Map<bigint, string>, text: string): string {
  return text.replaceAll(/0x[0-9a-f]{40,}|\d{50,}/g, (felt) => names.get(BigInt(felt)) ?? felt)
}
