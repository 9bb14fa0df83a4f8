import type { ChainEvent, ConsentState, PendingEvent } from '@medsync/chain'
import type { AccountAddress, Commitment, ConsentStatus } from '@medsync/protocol'

const UNKNOWN: ConsentState = { status: 'unknown', grantedAtS: 0, endedAtS: 0 }

/** Where every consent stands: as accepted in blocks, and with what is about to end it. */
export class ConsentsState {
  readonly #accepted = new Map<string, ConsentState>()
  #ending = new Map<string, Extract<ConsentStatus, 'revoked' | 'replaced'>>()

  /** Takes one event in; those of other contracts do nothing. */
  apply(event: ChainEvent): void {
    if (event.type === 'ConsentGranted') this.#start(event.patient, event.commitment, event.grantedAtS)
    if (event.type === 'ConsentRevoked') this.#end(event.patient, event.commitment, 'revoked', event.revokedAtS)
    if (event.type === 'ConsentReplaced') {
      this.#end(event.patient, event.old, 'replaced', event.replacedAtS)
      this.#start(event.patient, event.new, event.replacedAtS)
    }
  }

  /** Takes in what is pre-confirmed now, in place of what was before. Only ends count: a grant must be in a block. */
  setPending(events: readonly PendingEvent[]): void {
    this.#ending = new Map()
    for (const event of events) {
      if (event.type === 'ConsentRevoked') this.#ending.set(keyOf(event.patient, event.commitment), 'revoked')
      if (event.type === 'ConsentReplaced') this.#ending.set(keyOf(event.patient, event.old), 'replaced')
    }
  }

  /** As accepted in a block: what people are shown. */
  accepted(patient: AccountAddress, commitment: Commitment): ConsentState {
    return this.#accepted.get(keyOf(patient, commitment)) ?? UNKNOWN
  }

  /** As it counts for an access: ended from pre-confirmation on, active from acceptance on. */
  effective(patient: AccountAddress, commitment: Commitment): ConsentStatus {
    const key = keyOf(patient, commitment)
    const { status } = this.#accepted.get(key) ?? UNKNOWN
    return status === 'active' ? (this.#ending.get(key) ?? status) : status
  }

  #start(patient: AccountAddress, commitment: Commitment, grantedAtS: number): void {
    this.#accepted.set(keyOf(patient, commitment), { status: 'active', grantedAtS, endedAtS: 0 })
  }

  #end(patient: AccountAddress, commitment: Commitment, status: 'revoked' | 'replaced', endedAtS: number): void {
    const { grantedAtS } = this.accepted(patient, commitment)
    this.#accepted.set(keyOf(patient, commitment), { status, grantedAtS, endedAtS })
  }
}

function keyOf(patient: AccountAddress, commitment: Commitment): string {
  return `${patient}|${commitment}`
}
