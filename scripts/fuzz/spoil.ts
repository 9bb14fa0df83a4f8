import type { Call, Value } from '../../test/model/world.ts'
import { isEncodable } from './feltsOf.ts'
import { kindsOf } from './play.ts'
import type { Scene } from './scene.ts'

/** Values at the edge of some type. */
const EDGES = [0n, 1n, 2n, 2n ** 8n - 1n, 2n ** 16n - 1n, 2n ** 32n - 1n, 2n ** 64n - 1n, 2n ** 112n, 2n ** 128n - 1n, 2n ** 251n - 257n]

/** Makes a sensible call a hostile one: somebody else calls, one number in it is another, or a felt is missing. */
export function spoil(scene: Scene, call: Call): Call {
  const { random } = scene
  // What a reaction carries is chosen with care already.
  if (random.chance(40) || call.fn === 'set_reaction') return { ...call, from: scene.anyone() }
  if (random.chance(4)) return { ...call, misshapen: typeof call.args.at(-1) === 'bigint' && random.chance(50) ? 'short' : 'long' }
  const count = leaves(call.args)
  if (count === 0) return { ...call, from: scene.anyone() }
  const at = random.between(0, count - 1)
  const args = replaceLeaf(call.args, at, (value) =>
    random.chance(50) ? random.pick(EDGES) : random.pick([value + 1n, value - 1n, scene.anyone(), random.felt()]),
  )
  const spoilt = { ...call, args }
  return isEncodable(kindsOf(scene.theatre), spoilt) ? spoilt : { ...call, from: scene.anyone() }
}

/** How many numbers there are in it. */
function leaves(value: Value): number {
  if (typeof value === 'bigint') return 1
  if (typeof value !== 'object') return 0
  return Object.values(value).reduce((sum: number, each: Value) => sum + leaves(each), 0)
}

function replaceLeaf(args: readonly Value[], at: number, change: (value: bigint) => bigint): Value[] {
  let left = at
  const visit = (value: Value): Value => {
    if (typeof value === 'bigint') return left-- === 0 ? change(value) : value
    if (typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map(visit)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, visit(each)]))
  }
  return args.map(visit)
}
