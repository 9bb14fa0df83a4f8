import type { AccountAddress } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

/** What governance lets an account do; one bit each, as in the contract. */
export const POWERS = { admit: 1, suspend: 2, pause: 4, arbitrate: 8 } as const
export type Power = keyof typeof POWERS

/** The bits of these powers. */
export function powerMask(powers: readonly Power[]): number {
  return powers.reduce((mask, power) => mask | POWERS[power], 0)
}

/** The powers whose bits are set. */
export function powersIn(mask: number): Power[] {
  return (Object.keys(POWERS) as Power[]).filter((power) => (mask & POWERS[power]) !== 0)
}

export type PlanPowers = {
  readonly account: AccountAddress /** None takes them all away, after the delay. */
  readonly powers: readonly Power[]
}

/** Calls that plan the powers of an account. */
export const planPowersCalls: CallBuilder<PlanPowers> = (chain, { account, powers }) => [
  callOf(chain, 'participants', 'plan_powers', [account, powerMask(powers)]),
]

/**
 * Plans the powers of an account; they count after two days and `applyPowers`. Governance only.
 * @throws {ContractError} `Participants: not the owner`, `Participants: zero address`.
 */
export const planPowers = executes(planPowersCalls)
