import type { ChainEvent } from '@medsync/chain'
import type { AccountAddress, EntryLink, Felt, OrganisationId, StudyId } from '@medsync/protocol'

/** One entry of a patient's log, and where it was written. */
export type KnownEntry = EntryLink & { readonly transaction: Felt }

/** What a patient was credited, smallest unit. */
export type EntryReward = { readonly token: AccountAddress; readonly amount: bigint }

/** Every patient's entries in order, as the events tell them, and what was credited for each. */
export class LogsState {
  readonly #logs = new Map<AccountAddress, KnownEntry[]>()
  readonly #rewards = new Map<string, EntryReward>()
  readonly #tokens = new Map<StudyId, AccountAddress>()
  readonly #indices = new Map<string, number>()

  /** Takes one event in; those of other contracts do nothing. */
  apply(event: ChainEvent): void {
    if (event.type === 'EntryAppended') {
      const { patient, hospital, index, kind, digest, loggedAtS, at } = event
      const log = this.#logs.get(patient) ?? []
      log.push({ index, hospital, kind, digest, loggedAtS, transaction: at.transaction })
      this.#logs.set(patient, log)
      this.#indices.set(keyOf(hospital, patient, digest), index)
    }
    if (event.type === 'StudyOpened') this.#tokens.set(event.study, event.token)
    if (event.type === 'RequestSettled') {
      const token = this.#tokens.get(event.study)
      if (token !== undefined) this.#rewards.set(keyOf(event.hospital, event.patient, event.entry), { token, amount: event.patientShare })
    }
  }

  /** Entries of a patient with an index above `after`, at most `limit`. */
  entries(patient: AccountAddress, after = 0, limit = Number.POSITIVE_INFINITY): readonly KnownEntry[] {
    return (this.#logs.get(patient) ?? []).slice(after, after + limit)
  }

  /** The entry that a hospital wrote for a patient under `digest`. */
  entry(hospital: OrganisationId, patient: AccountAddress, digest: Felt): KnownEntry | undefined {
    const index = this.#indices.get(keyOf(hospital, patient, digest))
    return index === undefined ? undefined : this.#logs.get(patient)?.[index - 1]
  }

  /** What a patient was credited for an entry; undefined when nothing. */
  rewardFor(hospital: OrganisationId, patient: AccountAddress, digest: Felt): EntryReward | undefined {
    return this.#rewards.get(keyOf(hospital, patient, digest))
  }
}

function keyOf(hospital: OrganisationId, patient: AccountAddress, digest: Felt): string {
  return `${hospital}|${patient}|${digest}`
}
