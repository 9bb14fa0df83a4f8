import { shortString } from '../../test/model/hashes.ts'
import type { Call, ModelEvent, Outcome } from '../../test/model/world.ts'
import { selectorOf } from './abiFelts.ts'
import { abiFelts, calldataOf, type KindOf } from './feltsOf.ts'
import type { Act, Acted, RawEvent } from './stage.ts'
import type { Theatre } from './theatre.ts'

/** Calls that go into one block, and its time. */
export type Step = { readonly nowS: bigint; readonly calls: readonly Call[] }

/** What the model says of one call; `cause` is the call whose outcome this one looks at, for a view that was added to look. */
export type Prediction = { readonly call: Call; readonly outcome: Outcome; readonly events: readonly ModelEvent[]; readonly cause?: Call }

/** Where model and chain disagree. */
export type Difference = {
  readonly call: Call
  readonly what: string
  readonly expected: string
  readonly actual: string
  readonly cause?: Call
}

const ENTRYPOINT_FAILED = shortString('ENTRYPOINT_FAILED')

/** Hears how calls ended, those that contracts make as well. */
export type Hear = (call: Call, outcome: Outcome) => void

/** Runs a call in the model; after it come views of every row that it wrote, or would have written. */
export function predict({ world }: Theatre, call: Call, hear?: Hear): Prediction[] {
  world.watch(hear)
  const outcome = world.attempt(call)
  world.watch()
  const events = world.takeEvents()
  const looks = world.takeTouched().map((view) => {
    const look: Call = { from: call.from, ...view }
    return { call: look, outcome: world.attempt(look), events: world.takeEvents(), cause: call }
  })
  world.takeTouched()
  return [{ call, outcome, events }, ...looks]
}

/** A view and what it must answer. */
export function look({ world }: Theatre, call: Call): Prediction {
  const outcome = world.attempt(call)
  world.takeTouched()
  return { call, outcome, events: world.takeEvents(), cause: call }
}

export function kindsOf({ world }: Pick<Theatre, 'world'>): KindOf {
  return (address) => world.contracts.get(address)?.kind
}

export function actOf(kindOf: KindOf, call: Call): Act {
  const felts = calldataOf(kindOf, call)
  const calldata = call.misshapen === 'short' ? felts.slice(0, -1) : call.misshapen === 'long' ? [...felts, 1n] : felts
  return { from: call.from, to: call.to, selector: selectorOf(call.fn), calldata }
}

/** The first thing in which the chain does not do what the model said; undefined when there is none. */
export function compare(kindOf: KindOf, predictions: readonly Prediction[], acted: readonly Acted[]): Difference | undefined {
  for (const [index, prediction] of predictions.entries()) {
    const actual = acted[index]
    const difference =
      actual === undefined ? { what: 'outcome', expected: 'an outcome', actual: 'none' } : differ(kindOf, prediction, actual)
    if (difference !== undefined) return { ...difference, call: prediction.call, ...(prediction.cause && { cause: prediction.cause }) }
  }
  return undefined
}

function differ(
  kindOf: KindOf,
  { call, outcome, events }: Prediction,
  acted: Acted,
): Pick<Difference, 'what' | 'expected' | 'actual'> | undefined {
  const said = acted.isOk ? `returned ${acted.values.map(hex).join(' ')}` : `failed: ${acted.values.map(textOf).join(', ')}`
  if (!outcome.isOk) {
    const isSame =
      !acted.isOk && textOf(acted.values[0] ?? 0n) === outcome.error && acted.values.slice(1).every((felt) => felt === ENTRYPOINT_FAILED)
    return isSame ? undefined : { what: 'outcome', expected: `failed: ${outcome.error}`, actual: said }
  }
  const kind = kindOf(call.to)
  const returned = (kind === undefined ? undefined : abiFelts[kind])?.returned(call.fn, outcome.value) ?? []
  const expected = `returned ${returned.map(hex).join(' ')}`
  if (said !== expected) return { what: 'outcome', expected, actual: said }
  const told = events.map((event) => eventLine(kindOf, rawEvent(kindOf, event)))
  const heard = acted.events.map((event) => eventLine(kindOf, event))
  if (told.join('\n') !== heard.join('\n')) return { what: 'events', expected: told.join('\n    '), actual: heard.join('\n    ') }
  return undefined
}

function rawEvent(kindOf: KindOf, { contract, name, fields }: ModelEvent): RawEvent {
  const felts = abiFelts[kindOf(contract) ?? '']?.event(name, fields) ?? { keys: [], data: [] }
  return { from: contract, ...felts }
}

function eventLine(kindOf: KindOf, { from, keys, data }: RawEvent): string {
  const kind = kindOf(from) ?? ''
  const name = abiFelts[kind]?.eventName(keys[0] ?? 0n) ?? hex(keys[0] ?? 0n)
  return `${kind}.${name} ${keys.slice(1).map(hex).join(' ')} | ${data.map(hex).join(' ')}`
}

/** A felt that a contract failed with, as text where it is one. */
function textOf(felt: bigint): string {
  let bytes = felt.toString(16)
  if (bytes.length % 2 === 1) bytes = `0${bytes}`
  const text = Buffer.from(bytes, 'hex').toString('latin1')
  return /^[\x20-\x7e]+$/.test(text) ? text : hex(felt)
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`
}
