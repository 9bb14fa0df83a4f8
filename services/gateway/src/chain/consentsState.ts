import { type ChainEvent, type ConsentState, type PendingEvent, subjectsOf, type UnreadEvent } from '@medsync/chain'
import type { AccountAddress, Commitment, ConsentStatus } from '@medsync/protocol'

const UNKNOWN: ConsentState = { status: 'unknown', grantedAtS: 0, endedAtS: 0 }

/** Whose consents an unread event may be about: those under these commitments, or all there are. */
type Doubt = { readonly commitments: ReadonlySet<Commitment>; readonly isOfAll: boolean }
type Doubts = Map<AccountAddress, Doubt[]>

/**
 * Where every consent stands: as accepted in blocks, and with what is about to end it. A consent that an unread event may be about is
 * unknown from then on, whatever is read of it besides.
 */
export class ConsentsState {
  readonly #accepted = new Map<string, ConsentState>()
  #ending = new Map<string, Extract<ConsentStatus, 'revoked' | 'replaced'>>()
  readonly #doubts: Doubts = new Map()
  #pendingDoubts: Doubts = new Map()

  /** Takes one event in; those of other contracts do nothing. */
  apply(event: ChainEvent): void {
    if (event.type === 'ConsentGranted') this.#start(event.patient, event.commitment, event.grantedAtS)
    if (event.type === 'ConsentRevoked') this.#end(event.patient, event.commitment, 'revoked', event.revokedAtS)
    if (event.type === 'ConsentReplaced') {
      this.#end(event.patient, event.old, 'replaced', event.replacedAtS)
      this.#start(event.patient, event.new, event.replacedAtS)
    }
    if (event.type === 'SetAside') this.#doubt(this.#doubts, event)
  }

  /** Takes in what is pre-confirmed now, in place of what was before. Only ends count: a grant must be in a block. */
  setPending(events: readonly PendingEvent[]): void {
    this.#ending = new Map()
    this.#pendingDoubts = new Map()
    for (const event of events) {
      if (event.type === 'SetAside') this.#doubt(this.#pendingDoubts, event)
      if (event.type === 'ConsentRevoked') this.#ending.set(keyOf(event.patient, event.commitment), 'revoked')
      if (event.type === 'ConsentReplaced') this.#ending.set(keyOf(event.patient, event.old), 'replaced')
    }
  }

  /** As accepted in a block: what people are shown. */
  accepted(patient: AccountAddress, commitment: Commitment): ConsentState {
    return this.isInDoubt(patient, commitment) ? UNKNOWN : this.#read(patient, commitment)
  }

  /** As it counts for an access: ended from pre-confirmation on, active from acceptance on. */
  effective(patient: AccountAddress, commitment: Commitment): ConsentStatus {
    const { status } = this.accepted(patient, commitment)
    if (status !== 'active') return status
    if (isAmong(this.#pendingDoubts, patient, commitment)) return 'unknown'
    return this.#ending.get(keyOf(patient, commitment)) ?? status
  }

  /** Whether an event in a block may be about this consent that this version cannot read. */
  isInDoubt(patient: AccountAddress, commitment: Commitment): boolean {
    return isAmong(this.#doubts, patient, commitment)
  }

  #read(patient: AccountAddress, commitment: Commitment): ConsentState {
    return this.#accepted.get(keyOf(patient, commitment)) ?? UNKNOWN
  }

  /**
   * An unread event counts as the end of every consent that it may be about. When it names a patient and none of their consents, it may
   * be about each of them.
   */
  #doubt(doubts: Doubts, event: Readonly<UnreadEvent>): void {
    const isAboutConsents = event.of === null || event.of.startsWith('Consent')
    if (event.contract !== 'consentRegistry' || !isAboutConsents) return
    const subjects = subjectsOf(event)
    const commitments = new Set(subjects.commitments)
    for (const patient of subjects.patients) {
      const isKnown = subjects.commitments.some((commitment) => this.#accepted.has(keyOf(patient, commitment)))
      const isOfAll = !subjects.isExact && event.of !== 'ConsentGranted' && !isKnown
      const before = doubts.get(patient)
      if (before === undefined) doubts.set(patient, [{ commitments, isOfAll }])
      else before.push({ commitments, isOfAll })
    }
  }

  #start(patient: AccountAddress, commitment: Commitment, grantedAtS: number): void {
    this.#accepted.set(keyOf(patient, commitment), { status: 'active', grantedAtS, endedAtS: 0 })
  }

  #end(patient: AccountAddress, commitment: Commitment, status: 'revoked' | 'replaced', endedAtS: number): void {
    const { grantedAtS } = this.#read(patient, commitment)
    this.#accepted.set(keyOf(patient, commitment), { status, grantedAtS, endedAtS })
  }
}

function isAmong(doubts: Doubts, patient: AccountAddress, commitment: Commitment): boolean {
  return doubts.get(patient)?.some(({ commitments, isOfAll }) => isOfAll || commitments.has(commitment)) === true
}

function keyOf(patient: AccountAddress, commitment: Commitment): string {
  return `${patient}|${commitment}`
}
