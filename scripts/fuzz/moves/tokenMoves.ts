import { MANNERS } from '../../../test/model/tokens.ts'
import type { Call, Value } from '../../../test/model/world.ts'
import type { Scene } from '../scene.ts'
import type { Move } from './move.ts'

/** What the odd token tries while it is asked to move: the pool is busy then, and the token may lie about what it did. */
function reaction(scene: Scene): { to: bigint; fn: string; args: Value[] } {
  const { random } = scene
  const pool = { to: scene.contract('rewardPool') }
  const odd = { to: scene.contract('oddToken') }
  const id = BigInt(random.between(1, 9))
  return random.pick([
    { ...pool, fn: 'claim', args: [scene.token()] },
    { ...pool, fn: 'refund', args: [id] },
    { ...pool, fn: 'close', args: [id] },
    { ...pool, fn: 'expire', args: [id] },
    { ...pool, fn: 'compensate', args: [id] },
    { ...pool, fn: 'unpause', args: [] },
    { ...odd, fn: 'mint', args: [pool.to, BigInt(random.between(1, 1_000_000))] },
    { ...odd, fn: 'rebase', args: [pool.to, BigInt(random.between(0, 1_000_000))] },
    { ...odd, fn: 'set_manner', args: [BigInt(random.between(0, 13))] },
  ])
}

function minting(scene: Scene): Call[] {
  const { random } = scene
  const amount = random.chance(95) ? 2n ** BigInt(random.between(20, 113)) : 2n ** 256n - 1n
  return [
    scene.call(scene.anyone(), random.pick(['tokenA', 'tokenB', 'oddToken'] as const), 'mint', scene.operatorOf(scene.office()), amount),
  ]
}

function approving(scene: Scene): Call[] {
  const amount = scene.random.chance(85) ? 2n ** 255n : BigInt(scene.random.between(0, 1_000))
  const name = scene.random.pick(['tokenA', 'tokenB', 'oddToken'] as const)
  return [scene.call(scene.operatorOf(scene.office()), name, 'approve', scene.contract('rewardPool'), amount)]
}

function behaving(scene: Scene): Call[] {
  const manner = scene.random.chance(45) ? MANNERS.plain : BigInt(scene.random.between(1, 14))
  return [scene.call(scene.anyone(), 'oddToken', 'set_manner', manner)]
}

function rebasing(scene: Scene): Call[] {
  const account = scene.random.chance(50) ? scene.contract('rewardPool') : scene.anyone()
  return [scene.call(scene.anyone(), 'oddToken', 'rebase', account, 2n ** BigInt(scene.random.between(0, 112)))]
}

/** What anybody may do to the tokens. */
export const tokenMoves: readonly Move[] = [
  { weight: 3, make: minting },
  { weight: 3, make: approving },
  { weight: 5, make: behaving },
  { weight: 1, make: (scene) => [scene.call(scene.anyone(), 'oddToken', 'set_reaction', reaction(scene))] },
  {
    weight: 0.5,
    make: (scene) => [
      scene.call(scene.anyone(), 'oddToken', 'block', scene.random.chance(50) ? scene.contract('rewardPool') : scene.anyone()),
    ],
  },
  { weight: 0.7, make: rebasing },
  {
    weight: 0.7,
    make: (scene) => [
      scene.call(
        scene.anyone(),
        scene.random.pick(['tokenA', 'oddToken'] as const),
        'transfer',
        scene.anyone(),
        BigInt(scene.random.between(0, 1_000)),
      ),
    ],
  },
]
