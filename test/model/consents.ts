import { hashOf, shortString } from './hashes.ts'
import { orderHash } from './orders.ts'
import type { Register } from './participants.ts'
import { VALID } from './puppet.ts'
import { isKnownPurpose, permitsPurpose } from './purposes.ts'
import { Table } from './table.ts'
import { climb } from './tree.ts'
import { upgradesModel } from './upgrades.ts'
import { type Contract, check, type World } from './world.ts'

export type Membership = { index: bigint; path: readonly bigint[] }
export type Opening = {
  grantee: bigint
  grantee_salt: bigint
  purposes: bigint
  purposes_salt: bigint
  not_before_s: bigint
  expires_at_s: bigint
  period_salt: bigint
  data: bigint
  membership: Membership
}
export type Replacement = { old: bigint; new: bigint }
export type Order = { revoke: readonly bigint[]; replace: readonly Replacement[]; grant: readonly bigint[] }
export type ConsentState = { status: bigint; granted_at_s: bigint; ended_at_s: bigint }

export const STATUS = { unknown: 0n, active: 1n, revoked: 2n, replaced: 3n }
export const DECISION = { permit: 1n, notGranted: 2n, revoked: 3n, replaced: 4n, notYet: 5n, expired: 6n, grantee: 7n, purpose: 8n }
const MAX_PATH = 16
const MAX_ORDER = 300
const MAX_BURNT = 1_000_000n
const MAX_GUARDIAN_S = 630_720_000n

/** What the reward pool asks of the registry. */
export type Registry = ReturnType<typeof consentsModel>

/** The commitment of an opening: another one for another chain, registry or patient. */
export function commitmentOf(chainId: bigint, registry: bigint, patient: bigint, opening: Opening): bigint {
  const who = hashOf(shortString('MedSync.consent.who.v1'), opening.grantee_salt, opening.grantee)
  const purpose = hashOf(shortString('MedSync.consent.purpose.v1'), opening.purposes_salt, opening.purposes)
  const period = hashOf(shortString('MedSync.consent.period.v1'), opening.period_salt, opening.not_before_s, opening.expires_at_s)
  return hashOf(shortString('MedSync.consent.v1'), chainId, registry, patient, who, purpose, period, opening.data)
}

/** The registry of consents. */
export function consentsModel(world: World, address: bigint, register: Register) {
  const { journal } = world
  const of =
    (fn: string) =>
    (...args: bigint[]) => ({ to: address, fn, args })
  const states = new Table<ConsentState>(journal, { status: STATUS.unknown, granted_at_s: 0n, ended_at_s: 0n }, of('state'))
  const nonces = new Table(journal, 0n, of('nonce_of'))
  const guardians = new Table(journal, 0n, of('guardian_until_s'))
  const emit = (name: string, fields: Parameters<World['emit']>[2]): void => world.emit(address, name, fields)

  const guardianUntilS = (patient: bigint, guardian: bigint): bigint => {
    const untilS = guardians.get(patient, guardian)
    return world.nowS < untilS ? untilS : 0n
  }
  const mayAct = (patient: bigint, actor: bigint): void =>
    check(patient === actor || guardianUntilS(patient, actor) !== 0n, 'Consent: not a guardian')
  const stateIn = (patient: bigint, commitment: bigint, { index, path }: Membership): ConsentState => {
    const own = states.get(patient, commitment)
    if (own.status !== STATUS.unknown || (path.length === 0 && index === 0n)) return own
    check(path.length <= MAX_PATH, 'Consent: path too long')
    const { node, beyond } = climb(commitment, index, path)
    check(beyond === 0n, 'Consent: bad membership')
    return states.get(patient, node)
  }
  const activate = (patient: bigint, commitment: bigint): void => {
    check(patient !== 0n, 'Consent: zero address')
    check(commitment !== 0n, 'Consent: zero commitment')
    check(states.get(patient, commitment).status === STATUS.unknown, 'Consent: already used')
    states.set([patient, commitment], { status: STATUS.active, granted_at_s: world.nowS, ended_at_s: 0n })
  }
  const end = (patient: bigint, commitment: bigint, state: ConsentState, status: bigint): void => {
    check(state.status !== STATUS.unknown, 'Consent: not granted')
    check(state.status === STATUS.active, 'Consent: not active')
    states.set([patient, commitment], { ...state, status, ended_at_s: world.nowS })
  }
  const grant = (patient: bigint, commitment: bigint): void => {
    activate(patient, commitment)
    emit('ConsentGranted', { patient, commitment, granted_at_s: world.nowS })
  }
  const replace = (patient: bigint, { old, new: next }: Replacement): void => {
    end(patient, old, states.get(patient, old), STATUS.replaced)
    activate(patient, next)
    emit('ConsentReplaced', { patient, old, new: next, replaced_at_s: world.nowS })
  }
  const revoke = (patient: bigint, commitment: bigint, state: ConsentState): void => {
    end(patient, commitment, state, STATUS.revoked)
    emit('ConsentRevoked', { patient, commitment, revoked_at_s: world.nowS })
  }
  const carryOut = (patient: bigint, order: Order): void => {
    const changes = order.revoke.length + order.replace.length + order.grant.length
    check(changes !== 0, 'Consent: empty order')
    check(changes <= MAX_ORDER, 'Consent: order too large')
    for (const commitment of order.revoke) revoke(patient, commitment, states.get(patient, commitment))
    for (const replacement of order.replace) replace(patient, replacement)
    for (const commitment of order.grant) grant(patient, commitment)
  }
  const useNonce = (signer: bigint): void => {
    const nonce = nonces.get(signer)
    nonces.set([signer], nonce + 1n)
    emit('NonceUsed', { signer, nonce })
  }
  const isSigned = (signer: bigint, hash: bigint, signature: readonly bigint[]): boolean => {
    const outcome = world.attempt({ from: address, to: signer, fn: 'is_valid_signature', args: [hash, signature] })
    if (!outcome.isOk || typeof outcome.value !== 'object' || !('values' in outcome.value)) return false
    const answer = outcome.value.values
    return Array.isArray(answer) && answer.length === 1 && answer[0] === VALID
  }
  const commit = (patient: bigint, opening: Opening): bigint => {
    const { grantee_salt, purposes_salt, period_salt, data } = opening
    check(![grantee_salt, purposes_salt, period_salt, data].includes(0n), 'Consent: zero salt')
    return commitmentOf(world.chainId, address, patient, opening)
  }
  const decide = (patient: bigint, opening: Opening, grantee: bigint, purpose: bigint): bigint => {
    check(isKnownPurpose(purpose), 'Consent: unknown purpose')
    const { status } = stateIn(patient, commit(patient, opening), opening.membership)
    if (status === STATUS.unknown) return DECISION.notGranted
    if (status === STATUS.revoked) return DECISION.revoked
    if (status === STATUS.replaced) return DECISION.replaced
    if (world.nowS < opening.not_before_s) return DECISION.notYet
    if (world.nowS >= opening.expires_at_s) return DECISION.expired
    if (grantee !== opening.grantee) return DECISION.grantee
    return permitsPurpose(opening.purposes, purpose) ? DECISION.permit : DECISION.purpose
  }

  const functions: Contract['functions'] = {
    ...upgradesModel(world, address, register.owner),
    state: (_, patient: bigint, commitment: bigint) => states.get(patient, commitment),
    state_in: (_, patient: bigint, commitment: bigint, membership: Membership) => stateIn(patient, commitment, membership),
    commit: (_, patient: bigint, opening: Opening) => commit(patient, opening),
    decide: (_, patient: bigint, opening: Opening, grantee: bigint, purpose: bigint) => decide(patient, opening, grantee, purpose),
    order_hash: (_, patient: bigint, signer: bigint, order: Order, nonce: bigint, deadlineS: bigint) =>
      orderHash({ chainId: world.chainId, registry: address, patient, signer, order, nonce, deadlineS }),
    nonce_of: (_, signer: bigint) => nonces.get(signer),
    guardian_until_s: (_, patient: bigint, guardian: bigint) => guardianUntilS(patient, guardian),
    grant: (patient, commitment: bigint) => {
      grant(patient, commitment)
      return []
    },
    replace: (patient, old: bigint, next: bigint) => {
      replace(patient, { old, new: next })
      return []
    },
    revoke: (patient, commitment: bigint) => {
      revoke(patient, commitment, states.get(patient, commitment))
      return []
    },
    revoke_member: (caller, patient: bigint, commitment: bigint, membership: Membership) => {
      mayAct(patient, caller)
      revoke(patient, commitment, stateIn(patient, commitment, membership))
      return []
    },
    submit: (caller, patient: bigint, order: Order) => {
      mayAct(patient, caller)
      carryOut(patient, order)
      return []
    },
    submit_signed: (_, patient: bigint, signer: bigint, order: Order, nonce: bigint, deadlineS: bigint, signature: readonly bigint[]) => {
      mayAct(patient, signer)
      check(nonce === nonces.get(signer), 'Consent: bad nonce')
      check(world.nowS < deadlineS, 'Consent: order expired')
      const hash = orderHash({ chainId: world.chainId, registry: address, patient, signer, order, nonce, deadlineS })
      useNonce(signer)
      check(isSigned(signer, hash, signature), 'Consent: bad signature')
      carryOut(patient, order)
      return []
    },
    burn_nonces: (signer, next: bigint) => {
      const nonce = nonces.get(signer)
      check(next > nonce && next - nonce <= MAX_BURNT, 'Consent: bad nonce')
      nonces.set([signer], next)
      emit('NonceUsed', { signer, nonce: next - 1n })
      return []
    },
    name_guardian: (patient, guardian: bigint, untilS: bigint) => {
      check(guardian !== 0n, 'Consent: zero address')
      check(guardian !== patient, 'Consent: own guardian')
      check(world.nowS < untilS && untilS - world.nowS <= MAX_GUARDIAN_S, 'Consent: bad guardian time')
      guardians.set([patient, guardian], untilS)
      emit('GuardianNamed', { patient, guardian, until_s: untilS })
      return []
    },
    dismiss_guardian: (patient, guardian: bigint) => {
      check(guardianUntilS(patient, guardian) !== 0n, 'Consent: not a guardian')
      guardians.set([patient, guardian], 0n)
      emit('GuardianDismissed', { patient, guardian })
      return []
    },
  }
  return world.add({ address, kind: 'consentRegistry', functions, states, nonces, guardians, decide })
}
