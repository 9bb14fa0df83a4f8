import type { AccountAddress, OrganisationId } from '@medsync/protocol'

/** What the chain says of an organisation. */
export type Participant = {
  readonly organisation: OrganisationId
  readonly name: string
  readonly role: 'hospital' | 'research'
  readonly standing: 'active' | 'suspended'
}

/**
 * Who may act for whom, as the chain says now. Asked at every request, so that a suspension counts at once. The follower's ChainState is the one in
 * production.
 */
export type Roles = {
  /**
   * The organisation that an account acts for, whatever its standing; undefined for everyone else (then it is a patient's account).
   * @throws {ChainUnavailableError} The chain's state is not known well enough to answer.
   */
  organisationOf(account: AccountAddress): Participant | undefined
  /** All organisations ever admitted. */
  participants(): readonly Participant[]
}
