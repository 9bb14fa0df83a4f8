import { Table } from './table.ts'
import { DELAY_S, PLAN_S, upgradesModel } from './upgrades.ts'
import { type Contract, check, type World } from './world.ts'

export const HOSPITAL = 1n
export const RESEARCH = 2n
const ACTIVE = 1n
const SUSPENDED = 2n
export const POWERS = { admit: 1n, suspend: 2n, pause: 4n, arbitrate: 8n }
const ALL_POWERS = 15n

export type Organisation = { role: bigint; standing: bigint; admitted_at_s: bigint; name: bigint; payout: bigint }
export type Powers = { current: bigint; planned: bigint; ready_at_s: bigint }

/** What the other contracts ask of the register. */
export type Register = {
  readonly address: bigint
  owner(): bigint
  hasPower(account: bigint, power: bigint): boolean
  organisationOf(operator: bigint): bigint
  actingOrganisation(operator: bigint, role: bigint): bigint
  isActive(id: bigint, role: bigint): boolean
  payoutOf(id: bigint): bigint
}

/** The register of organisations, and governance. */
export function participantsModel(world: World, address: bigint, firstOwner: bigint) {
  const { journal } = world
  const of =
    (fn: string) =>
    (...args: bigint[]) => ({ to: address, fn, args })
  const governance = new Table(journal, { owner: firstOwner, pending: 0n, readyAtS: 0n }, () => of('owner')())
  const organisations = new Table<Organisation>(
    journal,
    { role: 0n, standing: 0n, admitted_at_s: 0n, name: 0n, payout: 0n },
    of('organisation'),
  )
  const operators = new Table(journal, 0n, of('organisation_of'))
  const keys = new Table(journal, 0n, of('encryption_key'))
  const powers = new Table<Powers>(journal, { current: 0n, planned: 0n, ready_at_s: 0n }, of('powers_of'))

  const emit = (name: string, fields: Parameters<World['emit']>[2]): void => world.emit(address, name, fields)
  const owner = (): bigint => governance.get(0n).owner
  const isOwner = (caller: bigint): void => check(caller === owner(), 'Participants: not the owner')
  const hasPower = (account: bigint, power: bigint): boolean => account === owner() || (powers.get(account).current & power) !== 0n
  const may = (caller: bigint, power: bigint): void => check(hasPower(caller, power), 'Participants: not allowed')
  const isAdmitted = (id: bigint): void => check(organisations.get(id).standing !== 0n, 'Participants: not admitted')
  const isActive = (id: bigint, role: bigint): boolean => {
    const organisation = organisations.get(id)
    return organisation.standing === ACTIVE && organisation.role === role
  }
  const actingOrganisation = (operator: bigint, role: bigint): bigint => {
    const id = operators.get(operator)
    return isActive(id, role) ? id : 0n
  }
  const bind = (id: bigint, operator: bigint): void => {
    check(operator !== 0n, 'Participants: zero address')
    check(operators.get(operator) === 0n, 'Participants: operator taken')
    operators.set([operator], id)
    emit('OperatorAdded', { id, operator })
  }

  const register: Register = {
    address,
    owner,
    hasPower,
    organisationOf: (operator) => operators.get(operator),
    actingOrganisation,
    isActive,
    payoutOf: (id) => organisations.get(id).payout,
  }
  const functions: Contract['functions'] = {
    ...upgradesModel(world, address, owner),
    owner,
    pending_owner: () => governance.get(0n).pending,
    ownership_ready_at_s: () => governance.get(0n).readyAtS,
    organisation: (_, id: bigint) => organisations.get(id),
    organisation_of: (_, operator: bigint) => operators.get(operator),
    acting_organisation: (_, operator: bigint, role: bigint) => actingOrganisation(operator, role),
    is_active: (_, id: bigint, role: bigint) => isActive(id, role),
    has_power: (_, account: bigint, power: bigint) => hasPower(account, power),
    powers_of: (_, account: bigint) => powers.get(account),
    encryption_key: (_, operator: bigint) => keys.get(operator),
    admit: (caller, id: bigint, role: bigint, name: bigint, payout: bigint, operator: bigint) => {
      may(caller, POWERS.admit)
      check(id !== 0n, 'Participants: zero id')
      check(name !== 0n, 'Participants: zero name')
      check(payout !== 0n, 'Participants: zero address')
      check(role === HOSPITAL || role === RESEARCH, 'Participants: unknown role')
      check(organisations.get(id).standing === 0n, 'Participants: already admitted')
      organisations.set([id], { role, standing: ACTIVE, admitted_at_s: world.nowS, name, payout })
      emit('OrganisationAdmitted', { id, role, name, payout })
      bind(id, operator)
      return []
    },
    suspend: (caller, id: bigint) => {
      may(caller, POWERS.suspend)
      const organisation = organisations.get(id)
      check(organisation.standing === ACTIVE, 'Participants: not active')
      organisations.set([id], { ...organisation, standing: SUSPENDED })
      emit('OrganisationSuspended', { id })
      return []
    },
    reinstate: (caller, id: bigint) => {
      isOwner(caller)
      const organisation = organisations.get(id)
      check(organisation.standing === SUSPENDED, 'Participants: not suspended')
      organisations.set([id], { ...organisation, standing: ACTIVE })
      emit('OrganisationReinstated', { id })
      return []
    },
    set_payout: (caller, id: bigint, payout: bigint) => {
      isOwner(caller)
      isAdmitted(id)
      check(payout !== 0n, 'Participants: zero address')
      organisations.set([id], { ...organisations.get(id), payout })
      emit('PayoutChanged', { id, payout })
      return []
    },
    add_operator: (caller, id: bigint, operator: bigint) => {
      isOwner(caller)
      isAdmitted(id)
      bind(id, operator)
      return []
    },
    remove_operator: (caller, operator: bigint) => {
      may(caller, POWERS.suspend)
      const id = operators.get(operator)
      check(id !== 0n, 'Participants: not an operator')
      operators.set([operator], 0n)
      keys.set([operator], 0n)
      emit('OperatorRemoved', { id, operator })
      return []
    },
    set_encryption_key: (operator, key: bigint) => {
      const id = operators.get(operator)
      check(id !== 0n, 'Participants: not an operator')
      check(organisations.get(id).standing === ACTIVE, 'Participants: not active')
      check(key !== 0n, 'Participants: zero key')
      keys.set([operator], key)
      emit('EncryptionKeySet', { operator, key })
      return []
    },
    plan_powers: (caller, account: bigint, planned: bigint) => {
      isOwner(caller)
      check(account !== 0n, 'Participants: zero address')
      check(planned <= ALL_POWERS, 'Participants: unknown power')
      const readyAtS = world.nowS + DELAY_S
      powers.set([account], { current: powers.get(account).current, planned, ready_at_s: readyAtS })
      emit('PowersPlanned', { account, powers: planned, ready_at_s: readyAtS })
      return []
    },
    apply_powers: (caller, account: bigint) => {
      isOwner(caller)
      const { planned, ready_at_s } = powers.get(account)
      check(ready_at_s !== 0n, 'Participants: not planned')
      check(world.nowS >= ready_at_s, 'Participants: too early')
      check(world.nowS - ready_at_s < PLAN_S, 'Participants: plan is stale')
      powers.set([account], { current: planned, planned: 0n, ready_at_s: 0n })
      emit('PowersChanged', { account, powers: planned })
      return []
    },
    revoke_powers: (caller, account: bigint) => {
      isOwner(caller)
      const { current, planned, ready_at_s } = powers.get(account)
      check(current !== 0n || planned !== 0n || ready_at_s !== 0n, 'Participants: no powers')
      powers.set([account], { current: 0n, planned: 0n, ready_at_s: 0n })
      emit('PowersChanged', { account, powers: 0n })
      return []
    },
    offer_ownership: (caller, to: bigint) => {
      isOwner(caller)
      const readyAtS = to === 0n ? 0n : world.nowS + DELAY_S
      governance.set([0n], { owner: owner(), pending: to, readyAtS })
      emit('OwnershipOffered', { from: owner(), to, ready_at_s: readyAtS })
      return []
    },
    accept_ownership: (to) => {
      const { owner: from, pending, readyAtS } = governance.get(0n)
      check(to !== 0n && to === pending, 'Participants: not offered')
      check(world.nowS >= readyAtS, 'Participants: too early')
      governance.set([0n], { owner: to, pending: 0n, readyAtS: 0n })
      emit('OwnershipAccepted', { from, to })
      return []
    },
  }
  return world.add({ address, kind: 'participants', functions, register, organisations, operators, powers, governance })
}
