import { HOSPITAL, RESEARCH } from '../../test/model/participants.ts'
import type { Call } from '../../test/model/world.ts'
import { ORGANISATIONS, type Scene } from './scene.ts'

/** What every run begins with: organisations, money, and a pool that may write to the log. */
export function prologue(scene: Scene): Call[] {
  const owner = scene.actor('owner')
  const { mercy, clare, north, harbour } = ORGANISATIONS
  const admit = (id: bigint, role: bigint, operator: bigint): Call =>
    scene.call(owner, 'participants', 'admit', id, role, id, operator, operator)
  const funders = [scene.actor('North researcher'), scene.actor('North gateway'), scene.actor('Harbour researcher')]
  return [
    scene.call(owner, 'accessLog', 'set_pool', 0n),
    scene.call(owner, 'accessLog', 'set_pool', scene.contract('rewardPool')),
    admit(mercy, HOSPITAL, scene.actor('Mercy desk')),
    admit(clare, HOSPITAL, scene.actor('Clare desk')),
    admit(north, RESEARCH, scene.actor('North researcher')),
    admit(harbour, RESEARCH, scene.actor('Harbour researcher')),
    scene.call(owner, 'participants', 'add_operator', mercy, scene.actor('Mercy gateway')),
    scene.call(owner, 'participants', 'add_operator', north, scene.actor('North gateway')),
    ...funders.flatMap((funder) =>
      (['tokenA', 'tokenB', 'oddToken'] as const).flatMap((token) => [
        scene.call(funder, token, 'mint', funder, 2n ** 112n),
        scene.call(funder, token, 'approve', scene.contract('rewardPool'), 2n ** 255n),
      ]),
    ),
  ]
}
