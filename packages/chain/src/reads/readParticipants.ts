import { type AccountAddress, type Felt, type OrganisationId, ZERO } from '@medsync/protocol'
import * as z from 'zod'
import { ORGANISATION_ROLES, type OrganisationRole } from '../actions/admitOrganisation.ts'
import { POWERS, type Power, powersIn } from '../actions/planPowers.ts'
import { callView, type ViewOptions } from '../calls/callView.ts'
import type { Chain } from '../deployment.ts'
import { keyFromNumber } from '../encryptionKey.ts'
import { addressShape, countShape, feltShape, u256Shape } from '../shapes.ts'

/** An organisation as the chain knows it. */
export type ChainOrganisation = {
  readonly role: OrganisationRole
  readonly isActive: boolean
  readonly admittedAtS: number
  /** Public name, a short string as a felt. */
  readonly name: Felt
  readonly payout: AccountAddress
}

const STANDING_ACTIVE = 1
const organisationShape = z.object({
  role: countShape,
  standing: countShape,
  admitted_at_s: countShape,
  name: feltShape,
  payout: addressShape,
})

/** The organisation `id`; undefined when it was never admitted. */
export async function readOrganisation(chain: Chain, id: OrganisationId, options?: ViewOptions): Promise<ChainOrganisation | undefined> {
  const found = await callView(chain, 'participants', 'organisation', [id], organisationShape, options)
  const role = roleOf(found.role)
  if (role === undefined) return undefined
  return { role, isActive: found.standing === STANDING_ACTIVE, admittedAtS: found.admitted_at_s, name: found.name, payout: found.payout }
}

/** The organisation that `operator` acts for, whatever its standing; undefined when none. */
export async function readOrganisationOf(
  chain: Chain,
  operator: AccountAddress,
  options?: ViewOptions,
): Promise<OrganisationId | undefined> {
  const id = await callView(chain, 'participants', 'organisation_of', [operator], feltShape, options)
  return id === ZERO ? undefined : id
}

/** The X25519 public key that data for `operator` is encrypted to; undefined when none was set. */
export async function readEncryptionKey(chain: Chain, operator: AccountAddress, options?: ViewOptions): Promise<Uint8Array | undefined> {
  return keyFromNumber(await callView(chain, 'participants', 'encryption_key', [operator], u256Shape, options))
}

/** What an account may do, and what it will be able to do. */
export type ChainPowers = {
  readonly current: readonly Power[]
  /** What `applyPowers` will set, from `readyAtS` on; undefined when nothing is planned. */
  readonly planned: { readonly powers: readonly Power[]; readonly readyAtS: number } | undefined
}

const powersShape = z.object({ current: countShape, planned: countShape, ready_at_s: countShape })

/** What governance lets `account` do; the owner's own powers do not stand here. */
export async function readPowers(chain: Chain, account: AccountAddress, options?: ViewOptions): Promise<ChainPowers> {
  const { current, planned, ready_at_s: readyAtS } = await callView(chain, 'participants', 'powers_of', [account], powersShape, options)
  return { current: powersIn(current), planned: readyAtS === 0 ? undefined : { powers: powersIn(planned), readyAtS } }
}

/** Whether `account` may use `power` now: it is the owner, or holds it. */
export async function readHasPower(chain: Chain, account: AccountAddress, power: Power, options?: ViewOptions): Promise<boolean> {
  return await callView(chain, 'participants', 'has_power', [account, POWERS[power]], z.boolean(), options)
}

/** The role of a number of the contract; undefined for one that it does not use. */
export function roleOf(code: number): OrganisationRole | undefined {
  return (Object.keys(ORGANISATION_ROLES) as OrganisationRole[]).find((role) => ORGANISATION_ROLES[role] === code)
}
