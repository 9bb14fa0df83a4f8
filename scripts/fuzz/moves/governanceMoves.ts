import { HOSPITAL, POWERS, RESEARCH } from '../../../test/model/participants.ts'
import type { Call } from '../../../test/model/world.ts'
import { ORGANISATIONS, type Scene } from '../scene.ts'
import type { ContractName } from '../theatre.ts'
import type { Move } from './move.ts'

const UPGRADEABLE = ['participants', 'consentRegistry', 'accessLog', 'rewardPool'] as const satisfies readonly ContractName[]

function organisation(scene: Scene): bigint {
  return scene.random.pickOr(
    scene.theatre.participants.organisations.rows().map(({ key }) => key[0] ?? 0n),
    0n,
  )
}

function admitting(scene: Scene): Call[] {
  const { random } = scene
  const [role, name] = [random.pick([HOSPITAL, RESEARCH]), random.felt()]
  const free = Object.values(scene.addresses.actors).filter((actor) => scene.theatre.participants.operators.get(actor) === 0n)
  const operator = random.chance(80) ? random.pickOr(free, scene.anyone()) : scene.anyone()
  const values = random.chance(85)
    ? [random.chance(80) ? BigInt(random.between(1, 5)) : organisation(scene), role, name, scene.anyone(), operator]
    : random.pick([
        [0n, role, name, scene.anyone(), operator],
        [9n, 3n, name, scene.anyone(), operator],
        [9n, role, 0n, scene.anyone(), operator],
        [9n, role, name, 0n, operator],
        [9n, role, name, scene.anyone(), 0n],
      ])
  return [scene.call(scene.holderOf(POWERS.admit), 'participants', 'admit', ...values)]
}

function standingOf(scene: Scene, standing: bigint): bigint {
  const { organisations } = scene.theatre.participants
  const fitting = organisations.rows().filter(({ row }) => row.standing === standing)
  return scene.random.chance(92)
    ? scene.random.pickOr(
        fitting.map(({ key }) => key[0] ?? 0n),
        0n,
      )
    : organisation(scene)
}

/** Gives an organisation its operators back, so that work goes on. */
function restoring(scene: Scene): Call[] {
  const { operators } = scene.theatre.participants
  const places = [
    [ORGANISATIONS.mercy, 'Mercy desk'],
    [ORGANISATIONS.clare, 'Clare desk'],
    [ORGANISATIONS.north, 'North researcher'],
    [ORGANISATIONS.harbour, 'Harbour researcher'],
  ] as const
  const missing = places.filter(([, name]) => operators.get(scene.actor(name)) === 0n)
  return missing.slice(0, 1).map(([id, name]) => scene.call(scene.owner(), 'participants', 'add_operator', id, scene.actor(name)))
}

function planningPowers(scene: Scene): Call[] {
  const account = scene.random.chance(70) ? scene.actor('power holder') : scene.random.chance(95) ? scene.anyone() : 0n
  const powers = scene.random.chance(92) ? BigInt(scene.random.between(0, 15)) : BigInt(scene.random.between(16, 255))
  return [scene.call(scene.random.chance(92) ? scene.owner() : scene.anyone(), 'participants', 'plan_powers', account, powers)]
}

function powered(scene: Scene): bigint {
  const rows = scene.theatre.participants.powers.rows().map(({ key }) => key[0] ?? 0n)
  return scene.random.chance(85) ? scene.random.pickOr(rows, scene.anyone()) : scene.anyone()
}

function accepting(scene: Scene): Call[] {
  const { pending } = scene.theatre.participants.governance.get(0n)
  return [
    scene.call(
      scene.random.chance(85) && scene.theatre.puppets.has(pending) ? pending : scene.anyone(),
      'participants',
      'accept_ownership',
    ),
  ]
}

/** What is planned for a contract; all zero when nothing is. */
function planOf(scene: Scene, name: ContractName): { class_hash: bigint; ready_at_s: bigint; stale_at_s: bigint } {
  const plan = scene.theatre.world.attempt({ from: 0n, to: scene.contract(name), fn: 'upgrade_plan', args: [] })
  const fields = plan.isOk && typeof plan.value === 'object' && !Array.isArray(plan.value) ? plan.value : {}
  const [class_hash = 0n, ready_at_s = 0n, stale_at_s = 0n] = Object.values(fields).filter((value) => typeof value === 'bigint')
  return { class_hash, ready_at_s, stale_at_s }
}

function upgrading(scene: Scene): Call[] {
  const { random } = scene
  const isReady = (name: ContractName): boolean => {
    const { ready_at_s, stale_at_s } = planOf(scene, name)
    return ready_at_s !== 0n && ready_at_s <= scene.nowS && scene.nowS < stale_at_s
  }
  const ready = UPGRADEABLE.filter(isReady)
  const fresh = UPGRADEABLE.filter((each) => !scene.done.has(`${each}.upgrade`) || !scene.done.has(`${each}.cancel_upgrade`))
  const name = random.pick(random.chance(70) && ready.length > 0 ? ready : random.chance(70) && fresh.length > 0 ? fresh : UPGRADEABLE)
  const plan = planOf(scene, name)
  const same = scene.addresses.classHashes.get(scene.contract(name)) ?? 0n
  const caller = random.chance(85) ? scene.owner() : scene.anyone()
  const classHash = random.chance(90) ? same : random.pick([random.felt(), plan.class_hash, 0n])
  const isUsable = plan.ready_at_s !== 0n && scene.nowS < plan.stale_at_s && plan.class_hash === same
  const likely = isUsable ? 'upgrade' : 'plan_upgrade'
  const isUpgraded = scene.done.has(`${name}.upgrade`)
  const fn = random.chance(isUpgraded ? 50 : 85) ? likely : random.pick(['plan_upgrade', 'upgrade', 'cancel_upgrade', 'cancel_upgrade'])
  return [scene.call(caller, name, fn, ...(fn === 'cancel_upgrade' ? [] : [classHash]))]
}

/** Mostly who may; now and then one whose power to admit is not enough. */
function ownerOrHolder(scene: Scene): bigint {
  return scene.random.chance(85) ? scene.owner() : scene.holderOf(POWERS.admit)
}

/** Organisations, operators, powers, ownership and plans of new code. */
export const governanceMoves: readonly Move[] = [
  { weight: 2, make: admitting },
  { weight: 0.7, make: (scene) => [scene.call(scene.holderOf(POWERS.suspend), 'participants', 'suspend', standingOf(scene, 1n))] },
  { weight: 2.5, make: (scene) => [scene.call(ownerOrHolder(scene), 'participants', 'reinstate', standingOf(scene, 2n))] },
  {
    weight: 1,
    make: (scene) => [
      scene.call(
        scene.owner(),
        'participants',
        'set_payout',
        scene.random.chance(90) ? organisation(scene) : 77n,
        scene.random.chance(92) ? scene.anyone() : 0n,
      ),
    ],
  },
  {
    weight: 1.5,
    make: (scene) => [
      scene.call(
        ownerOrHolder(scene),
        'participants',
        'add_operator',
        scene.random.chance(92) ? organisation(scene) : 77n,
        scene.random.chance(95) ? scene.anyone() : 0n,
      ),
    ],
  },
  { weight: 4, make: restoring },
  { weight: 0.7, make: (scene) => [scene.call(scene.holderOf(POWERS.suspend), 'participants', 'remove_operator', scene.anyone())] },
  {
    weight: 1.5,
    make: (scene) => [
      scene.call(scene.anyone(), 'participants', 'set_encryption_key', scene.random.chance(92) ? scene.random.felt() << 128n : 0n),
    ],
  },
  { weight: 2, make: planningPowers },
  {
    weight: 2,
    make: (scene) => [scene.call(scene.random.chance(80) ? scene.owner() : scene.anyone(), 'participants', 'apply_powers', powered(scene))],
  },
  {
    weight: 0.7,
    make: (scene) => [
      scene.call(scene.random.chance(90) ? scene.owner() : scene.anyone(), 'participants', 'revoke_powers', powered(scene)),
    ],
  },
  {
    weight: 0.8,
    make: (scene) => [
      scene.call(
        scene.random.chance(85) ? scene.owner() : scene.anyone(),
        'participants',
        'offer_ownership',
        scene.random.chance(90) ? scene.anyone() : 0n,
      ),
    ],
  },
  { weight: 1, make: accepting },
  { weight: 8, make: upgrading },
]
