import type { AccountAddress, Commitment, ConsentNonce, ConsentSalts, ConsentTerms, OrganisationId, RecordId } from '@medsync/protocol'

/**
 * What the hospitals share and nobody else sees: the terms behind consents, and which records there are, without a word of their
 * contents. An implementation may be a database of one's own or a network of nodes that copy one state; so every call takes an id that
 * is known before, may be sent again, and answers the same then.
 *
 * It never holds records, observations or names, and it decides nothing: whether a consent stands is the chain's to say.
 */
export type PrivateContext = {
  /**
   * Keeps the terms of a consent, for the parties concerned. Before its commitment is granted on chain they permit nothing.
   * @throws {ContextConflictError} Other terms are already kept under this commitment; the same ones again are fine.
   */
  fileTerms(terms: NewFiledTerms, options?: ContextOptions): Promise<FiledTerms>

  /** The terms of one consent. */
  termsByCommitment(commitment: Commitment, options?: ContextOptions): Promise<FiledTerms | undefined>

  /** All terms that a patient filed, newest first. */
  termsOfPatient(patient: AccountAddress, page: PageRequest, options?: ContextOptions): Promise<Page<FiledTerms>>

  /** All terms that name an organisation as grantee, newest first. */
  termsForGrantee(grantee: OrganisationId, page: PageRequest, options?: ContextOptions): Promise<Page<FiledTerms>>

  /** Says that a hospital holds a record of a patient's account. The same again is fine; another hospital's record stands beside it. */
  putCatalogueEntry(entry: CatalogueEntry, options?: ContextOptions): Promise<void>

  /** Takes such an entry back; fine when there is none. */
  removeCatalogueEntry(entry: Pick<CatalogueEntry, 'hospital' | 'record'>, options?: ContextOptions): Promise<void>

  /** Which hospitals hold records of a patient's account. */
  catalogueOf(patient: AccountAddress, options?: ContextOptions): Promise<CatalogueEntry[]>
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
  readonly sequence: number
  readonly filedAtS: number
}

/** That a hospital holds a record of an account: no contents, no counts, no names. */
export type CatalogueEntry = { readonly hospital: OrganisationId; readonly record: RecordId; readonly patient: AccountAddress }

/** From where on, and how many. */
export type PageRequest = {
  /** `next` of the page before; null is from the newest. */
  readonly after: number | null
  readonly limit: number
}

/** One page; `next` is where the following one starts, null when there is none. */
export type Page<T> = { readonly items: readonly T[]; readonly next: number | null }
