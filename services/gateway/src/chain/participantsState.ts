import { type ChainEvent, keyFromNumber, roleOf, type SetAsideEvent, subjectsOf } from '@medsync/chain'
import { type AccountAddress, type OrganisationId, organisationSlug } from '@medsync/protocol'
import type { Participant } from '../auth/roles.ts'

/** Unread events that leave organisations and operators as they were. */
const HARMLESS: ReadonlySet<SetAsideEvent['of']> = new Set([
  'PayoutChanged',
  'OwnershipOffered',
  'OwnershipAccepted',
  'PowersPlanned',
  'PowersChanged',
  'UpgradePlanned',
  'UpgradeCancelled',
  'Upgraded',
])

/** Organisations, operators and encryption keys, as the events tell them. */
export class ParticipantsState {
  readonly #organisations = new Map<OrganisationId, Participant>()
  readonly #operators = new Map<AccountAddress, OrganisationId>()
  readonly #keys = new Map<AccountAddress, Uint8Array>()

  /** Takes one event in; those of other contracts do nothing. */
  apply(event: ChainEvent): void {
    if (event.type === 'OrganisationAdmitted') {
      const role = roleOf(event.role)
      const name = organisationSlug(event.name)
      if (role !== undefined) this.#organisations.set(event.id, { organisation: event.id, name, role, standing: 'active' })
    }
    if (event.type === 'OrganisationSuspended') this.#setStanding(event.id, 'suspended')
    if (event.type === 'OrganisationReinstated') this.#setStanding(event.id, 'active')
    if (event.type === 'OperatorAdded') this.#operators.set(event.operator, event.id)
    if (event.type === 'OperatorRemoved') {
      this.#operators.delete(event.operator)
      this.#keys.delete(event.operator)
    }
    if (event.type === 'EncryptionKeySet') {
      const key = keyFromNumber(event.key)
      if (key !== undefined) this.#keys.set(event.operator, key)
    }
    if (event.type === 'SetAside') this.#setAside(event)
  }

  /** Everyone ever admitted. */
  all(): Participant[] {
    return [...this.#organisations.values()]
  }

  /** The organisation with this id. */
  find(organisation: OrganisationId): Participant | undefined {
    return this.#organisations.get(organisation)
  }

  /** The organisation that an account acts for, whatever its standing. */
  ofOperator(account: AccountAddress): Participant | undefined {
    const organisation = this.#operators.get(account)
    return organisation === undefined ? undefined : this.#organisations.get(organisation)
  }

  /** The X25519 public key that data for an account is sealed to. */
  keyOf(account: AccountAddress): Uint8Array | undefined {
    return this.#keys.get(account)
  }

  /** The X25519 public keys of everyone who acts for an organisation. */
  keysOf(organisation: OrganisationId): Uint8Array[] {
    return [...this.#keys].filter(([operator]) => this.#operators.get(operator) === organisation).map(([, key]) => key)
  }

  /**
   * Whoever an unread event may be about acts no more until a later event says that they may: an organisation is suspended, an operator
   * removed. An unread key is none.
   */
  #setAside(event: SetAsideEvent): void {
    if (event.contract !== 'participants' || HARMLESS.has(event.of)) return
    const { organisations, operators } = subjectsOf(event)
    for (const operator of operators) {
      this.#keys.delete(operator)
      if (event.of !== 'EncryptionKeySet') this.#operators.delete(operator)
    }
    const isOfOperator = event.of === 'OperatorAdded' || event.of === 'OperatorRemoved' || event.of === 'EncryptionKeySet'
    if (!isOfOperator) for (const organisation of organisations) this.#setStanding(organisation, 'suspended')
  }

  #setStanding(id: OrganisationId, standing: Participant['standing']): void {
    const found = this.#organisations.get(id)
    if (found !== undefined) this.#organisations.set(id, { ...found, standing })
  }
}
