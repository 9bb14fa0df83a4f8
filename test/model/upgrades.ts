import { Table } from './table.ts'
import { check, type Entry, type World } from './world.ts'

export const DELAY_S = 172_800n
export const PLAN_S = 1_209_600n

/** The functions of every contract that new code can be planned for. */
export function upgradesModel(world: World, address: bigint, governor: () => bigint): { readonly [fn: string]: Entry } {
  const view = () => ({ to: address, fn: 'upgrade_plan', args: [] })
  const plans = new Table<{ classHash: bigint; readyAtS: bigint }>(world.journal, { classHash: 0n, readyAtS: 0n }, view)
  const assertGovernor = (caller: bigint): void => check(caller === governor(), 'Upgrade: not the governor')
  return {
    governor: () => governor(),
    upgrade_plan: () => {
      const { classHash, readyAtS } = plans.get(0n)
      return { class_hash: classHash, ready_at_s: readyAtS, stale_at_s: readyAtS === 0n ? 0n : readyAtS + PLAN_S }
    },
    plan_upgrade: (caller, classHash: bigint) => {
      assertGovernor(caller)
      check(classHash !== 0n, 'Upgrade: zero class')
      const readyAtS = world.nowS + DELAY_S
      plans.set([0n], { classHash, readyAtS })
      world.emit(address, 'UpgradePlanned', { class_hash: classHash, ready_at_s: readyAtS })
      return []
    },
    cancel_upgrade: (caller) => {
      assertGovernor(caller)
      const { classHash, readyAtS } = plans.get(0n)
      check(readyAtS !== 0n, 'Upgrade: not planned')
      plans.set([0n], { classHash: 0n, readyAtS: 0n })
      world.emit(address, 'UpgradeCancelled', { class_hash: classHash })
      return []
    },
    upgrade: (caller, classHash: bigint) => {
      assertGovernor(caller)
      const plan = plans.get(0n)
      check(plan.readyAtS !== 0n && plan.classHash === classHash, 'Upgrade: not planned')
      check(world.nowS >= plan.readyAtS, 'Upgrade: too early')
      check(world.nowS < plan.readyAtS + PLAN_S, 'Upgrade: plan is stale')
      plans.set([0n], { classHash: 0n, readyAtS: 0n })
      world.emit(address, 'Upgraded', { class_hash: classHash })
      return []
    },
  }
}
