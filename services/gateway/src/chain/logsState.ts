import type { ChainEvent, PendingEvent } from '@medsync/chain'
import type { AccountAddress, EntryLink, Felt, OrganisationId, StudyId } from '@medsync/protocol'

/** One entry of a patient's log, and where it was written. */
export type KnownEntry = EntryLink & { readonly transaction: Felt }

/** What a patient was credited, smallest unit. */
export type EntryReward = { readonly token: AccountAddress; readonly amount: bigint }

/** A dispute of one entry. */
export type KnownDispute = {
  readonly state: 'open' | 'upheld' | 'rejected'
  /** Who wrote the entry. */
  readonly hospital: OrganisationId
  /** Salted hash of what the patient has to say. */
  readonly statement: Felt
  readonly transaction: Felt
}

/** Every patient's single entries in order, as the events tell them, what was credited for each, and what is disputed. */
export class LogsState {
  readonly #logs = new Map<AccountAddress, KnownEntry[]>()
  readonly #rewards = new Map<string, EntryReward>()
  readonly #tokens = new Map<StudyId, AccountAddress>()
  readonly #firsts = new Map<string, KnownEntry>()
  readonly #disputes = new Map<AccountAddress, Map<Felt, KnownDispute>>()
  #pending = new Set<string>()

  /** Takes one event in; those of other contracts do nothing. */
  apply(event: ChainEvent): void {
    switch (event.type) {
      case 'EntryAppended':
        this.#append(event)
        break
      case 'StudyOpened':
        this.#tokens.set(event.study, event.token)
        break
      case 'RequestSettled': {
        const token = this.#tokens.get(event.study)
        if (token !== undefined) this.#rewards.set(keyOf(event.hospital, event.patient, event.entry), { token, amount: event.patientShare })
        break
      }
      case 'DisputeOpened': {
        const disputes = this.#disputes.get(event.patient) ?? new Map<Felt, KnownDispute>()
        const { hospital, statement, at } = event
        disputes.set(event.entryId, { state: 'open', hospital, statement, transaction: at.transaction })
        this.#disputes.set(event.patient, disputes)
        break
      }
      case 'DisputeResolved': {
        const disputes = this.#disputes.get(event.patient)
        const open = disputes?.get(event.entryId)
        if (open !== undefined) disputes?.set(event.entryId, { ...open, state: event.isUpheld ? 'upheld' : 'rejected' })
        break
      }
    }
  }

  /** Takes in what is pre-confirmed now, in place of what was before: entries that are about to be written. */
  setPending(events: readonly PendingEvent[]): void {
    this.#pending = new Set(
      events.flatMap((event) => (event.type === 'EntryAppended' ? [keyOf(event.hospital, event.patient, event.digest)] : [])),
    )
  }

  /** Entries of a patient with an index above `after`, at most `limit`. An index is missing when its event cannot be read. */
  entries(patient: AccountAddress, after = 0, limit = Number.POSITIVE_INFINITY): readonly KnownEntry[] {
    const log = this.#logs.get(patient) ?? []
    const start = log.findIndex(({ index }) => index > after)
    return start === -1 ? [] : log.slice(start, start + limit)
  }

  /** The entry that a hospital wrote for a patient under `digest`; the first, should it have written several. */
  entry(hospital: OrganisationId, patient: AccountAddress, digest: Felt): KnownEntry | undefined {
    return this.#firsts.get(keyOf(hospital, patient, digest))
  }

  /** Whether such an entry is pre-confirmed: about to be written. */
  isPending(hospital: OrganisationId, patient: AccountAddress, digest: Felt): boolean {
    return this.#pending.has(keyOf(hospital, patient, digest))
  }

  /** What a patient was credited for an entry; undefined when nothing. */
  rewardFor(hospital: OrganisationId, patient: AccountAddress, digest: Felt): EntryReward | undefined {
    return this.#rewards.get(keyOf(hospital, patient, digest))
  }

  /** A patient's disputes, by the id of the disputed entry (`singleId`). */
  disputesOf(patient: AccountAddress): ReadonlyMap<Felt, KnownDispute> {
    return this.#disputes.get(patient) ?? new Map()
  }

  #append({ patient, hospital, index, kind, reference, digest, loggedAtS, at }: Extract<ChainEvent, { type: 'EntryAppended' }>): void {
    const log = this.#logs.get(patient) ?? []
    const entry = { index, hospital, kind, reference, digest, loggedAtS, transaction: at.transaction }
    log.push(entry)
    this.#logs.set(patient, log)
    const key = keyOf(hospital, patient, digest)
    if (!this.#firsts.has(key)) this.#firsts.set(key, entry)
  }
}

function keyOf(hospital: OrganisationId, patient: AccountAddress, digest: Felt): string {
  return `${hospital}|${patient}|${digest}`
}
