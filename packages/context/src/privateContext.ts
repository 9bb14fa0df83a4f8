import type { AccountAddress, Commitment, ConsentNonce, ConsentSalts, ConsentTerms, OrganisationId, RecordId } from '@medsync/protocol'

/**
 * What the hospitals share and nobody else sees: the terms behind consents, and who holds records of whom, without a word of their
 * contents. It may be one machine's or a network of nodes that copy one state; so every call takes an id that is known before, may be
 * sent again, and answers the same then.
 *
 * It never holds records, observations or names, and it decides nothing: whether a consent stands is the chain's to say.
 */
export type PrivateContext = {
  /**
   * Keeps the terms of a consent, for the parties concerned. Before its commitment is granted on chain they permit nothing.
   * @throws {ContextConflictError} They do not open the commitment, or others are kept under it; the same ones again are fine.
   * @throws {ContextUnavailableError} It cannot be reached now; send them again.
   */
  fileTerms(terms: NewFiledTerms, options?: ContextOptions): Promise<FiledTerms>

  /** The terms of one consent, as far as an organisation served here is party to it. What comes out opens its commitment. */
  termsByCommitment(commitment: Commitment, options?: ContextOptions): Promise<FiledTerms | undefined>

  /** All terms that a patient filed and that are ours to read, newest first. */
  termsOfPatient(patient: AccountAddress, page: PageRequest, options?: ContextOptions): Promise<Page<FiledTerms>>

  /** All terms that name an organisation as grantee, newest first. */
  termsForGrantee(grantee: OrganisationId, page: PageRequest, options?: ContextOptions): Promise<Page<FiledTerms>>

  /** Makes the catalogue say that of the hospitals served here these hold a record of the account, and no others. */
  listRecords(patient: AccountAddress, held: readonly HeldRecord[], options?: ContextOptions): Promise<void>

  /** Which hospitals of the circle hold a record of the account, each once. */
  hospitalsOf(patient: AccountAddress, options?: ContextOptions): Promise<OrganisationId[]>

  /**
   * The patient says that a hospital of another gateway holds a record of theirs: it gets their terms that name no hospital. That the
   * hospital says so itself is no reason.
   */
  confirmHospital(patient: AccountAddress, hospital: OrganisationId, options?: ContextOptions): Promise<void>

  /** Takes that back: it gets no further terms. Those it has it keeps. */
  dismissHospital(patient: AccountAddress, hospital: OrganisationId, options?: ContextOptions): Promise<void>

  /** The hospitals of other gateways that a patient has confirmed. */
  confirmedHospitals(patient: AccountAddress, options?: ContextOptions): Promise<OrganisationId[]>

  /** Forgets what it has in memory; for measuring. */
  forget(): void
}

/** Options of every call. */
export type ContextOptions = { /** Ends the call. */ readonly signal?: AbortSignal | undefined }

/** Terms as they are filed. */
export type NewFiledTerms = {
  readonly commitment: Commitment
  readonly patient: AccountAddress
  readonly terms: ConsentTerms
  /** Open the commitment; shared with the parties, since the hospital settles with them. */
  readonly salts: ConsentSalts
  /** With it the patient's wallet derives the salts again. */
  readonly nonce: ConsentNonce
  /** Consent that this one takes the place of. */
  readonly replaces: Commitment | undefined
}

/** Terms as they are kept. */
export type FiledTerms = NewFiledTerms & {
  /** Place in the order of filing; what `PageRequest.after` takes. */
  readonly place: string
  /** When they were filed, as the gateway that did so claims. */
  readonly filedAtS: number
}

/** A record at a hospital. Neither id leaves the gateway: the catalogue has a keyed hash of it. */
export type HeldRecord = { readonly hospital: OrganisationId; readonly record: RecordId }

/** From where on, and how many. */
export type PageRequest = {
  /** `next` of the page before; null is from the newest. */
  readonly after: string | null
  readonly limit: number
}

/** One page; `next` is where the following one starts, null when there is none. */
export type Page<T> = { readonly items: readonly T[]; readonly next: string | null }
