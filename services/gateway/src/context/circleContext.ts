import type { Deployment } from '@medsync/chain'
import {
  ContextConflictError,
  type ContextOptions,
  ContextUnavailableError,
  type FiledTerms,
  type HeldRecord,
  type NewFiledTerms,
  type Page,
  type PageRequest,
  type PrivateContext,
} from '@medsync/context'
import type { AppArguments, TermsPage, TermsView } from '@medsync/context/app'
import {
  type AccountAddress,
  type Commitment,
  commitConsent,
  MedsyncError,
  type OrganisationId,
  organisationIdSchema,
} from '@medsync/protocol'
import { BoundedCache } from './boundedCache.ts'
import type { Catalogue } from './catalogue.ts'
import type { Circle } from './circle.ts'
import type { ConfirmedHospitals } from './confirmedHospitals.ts'
import type { ContextKeys } from './contextKeys.ts'
import { contentOf, readContent } from './filedContent.ts'
import type { Filing, Filings } from './filings.ts'
import type { Publisher } from './publisher.ts'
import { openTerms } from './sealTerms.ts'

/** Opened terms that stay in memory; they never change. */
const CACHED_TERMS = 20_000
/** Most that the app gives at once. */
const PAGE = 200
/** Pages that one question reads; where it stopped it can go on. */
const MOST_PAGES = 50
/** Parties of an entry that are looked at; the app takes no more. */
const MOST_PARTIES = 16
/** A claimed time beyond it is nobody's clock: the end of the year 9999. */
const LATEST_S = 253_402_300_799

/** What the context is made of. */
export type CircleContextOptions = {
  readonly circle: Circle
  readonly keys: ContextKeys
  readonly filings: Filings
  readonly publisher: Publisher
  readonly catalogue: Catalogue
  readonly confirmed: ConfirmedHospitals
  readonly deployment: Deployment
  /** Whether the patient has ever granted it on chain. */
  readonly isGranted: (patient: AccountAddress, commitment: Commitment) => boolean
}

/**
 * The private context as the circle keeps it. Terms stand there sealed to each party; a member may file anything under any name, so nothing
 * is believed before it opens its commitment, which the chain has.
 */
export class CircleContext implements PrivateContext {
  readonly #parts: CircleContextOptions
  #byCommitment = new BoundedCache<Commitment, FiledTerms>(CACHED_TERMS)
  #byPlace = new BoundedCache<string, FiledTerms>(CACHED_TERMS)

  constructor(parts: CircleContextOptions) {
    this.#parts = parts
  }

  async fileTerms(filed: NewFiledTerms, options?: ContextOptions): Promise<FiledTerms> {
    options?.signal?.throwIfAborted()
    if (!this.#opensCommitment(filed)) throw new ContextConflictError()
    const { circle, filings, publisher } = this.#parts
    const id = await circle.id()
    const filing = await filings.keep(filed)
    if (contentOf(filing.filed) !== contentOf(filed)) throw new ContextConflictError()
    if (filing.circle !== id) await publisher.publish(filing)
    return keptOf(filing)
  }

  async termsByCommitment(commitment: Commitment, options?: ContextOptions): Promise<FiledTerms | undefined> {
    const found = await this.#find(commitment, options)
    if (found !== undefined) return found
    // Filed here while the context was away: it is not there yet, and no less true.
    const own = await this.#parts.filings.find(commitment)
    return own === undefined ? undefined : keptOf(own)
  }

  async termsOfPatient(patient: AccountAddress, page: PageRequest, options?: ContextOptions): Promise<Page<FiledTerms>> {
    const isTheirs = async (filed: FiledTerms) => filed.patient === patient && (await this.#isTheirDoing(filed))
    return await this.#list('terms_of_patient', { patient_tag: patient }, page, isTheirs, options)
  }

  async termsForGrantee(grantee: OrganisationId, page: PageRequest, options?: ContextOptions): Promise<Page<FiledTerms>> {
    return await this.#list('terms_for', { organisation: grantee }, page, async ({ terms }) => terms.grantee === grantee, options)
  }

  async listRecords(patient: AccountAddress, held: readonly HeldRecord[], options?: ContextOptions): Promise<void> {
    options?.signal?.throwIfAborted()
    const hasChanged = await this.#parts.catalogue.list(patient, held, options)
    if (hasChanged) await this.#parts.publisher.share(patient)
  }

  async hospitalsOf(patient: AccountAddress, options?: ContextOptions): Promise<OrganisationId[]> {
    options?.signal?.throwIfAborted()
    return await this.#parts.catalogue.hospitalsOf(patient, options)
  }

  async confirmHospital(patient: AccountAddress, hospital: OrganisationId, options?: ContextOptions): Promise<void> {
    options?.signal?.throwIfAborted()
    await this.#parts.confirmed.add(patient, hospital)
    await this.#parts.publisher.share(patient)
  }

  async dismissHospital(patient: AccountAddress, hospital: OrganisationId, options?: ContextOptions): Promise<void> {
    options?.signal?.throwIfAborted()
    await this.#parts.confirmed.remove(patient, hospital)
  }

  async confirmedHospitals(patient: AccountAddress, options?: ContextOptions): Promise<OrganisationId[]> {
    options?.signal?.throwIfAborted()
    return await this.#parts.confirmed.of(patient)
  }

  forget(): void {
    this.#byCommitment = new BoundedCache(CACHED_TERMS)
    this.#byPlace = new BoundedCache(CACHED_TERMS)
  }

  /** Asks every place of ours: what was filed a moment ago may not have come to each node yet. */
  async #find(commitment: Commitment, options?: ContextOptions): Promise<FiledTerms | undefined> {
    options?.signal?.throwIfAborted()
    const cached = this.#byCommitment.get(commitment)
    if (cached !== undefined) return cached
    const { circle } = this.#parts
    let failure: unknown
    let answers = 0
    for (const seat of circle.seats) {
      try {
        const entries = await circle.call(seat, 'terms_by_commitment', { commitment }, options)
        answers += 1
        for (const entry of entries) {
          const opened = await this.#open(entry)
          if (opened === undefined) continue
          this.#byCommitment.set(commitment, opened)
          return opened
        }
      } catch (error) {
        if (!(error instanceof ContextUnavailableError)) throw error
        failure = error
      }
    }
    if (answers === 0) throw failure ?? new ContextUnavailableError()
    return undefined
  }

  async #list<M extends 'terms_of_patient' | 'terms_for'>(
    method: M,
    args: AppArguments[M],
    { after, limit }: PageRequest,
    isWanted: (filed: FiledTerms) => Promise<boolean>,
    options?: ContextOptions,
  ): Promise<Page<FiledTerms>> {
    const items = new Map<Commitment, FiledTerms>()
    let from = after
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const page: TermsPage = await this.#parts.circle.ask(method, { ...args, after: from, limit: Math.min(PAGE, limit + 1) }, options)
      for (const entry of page.entries) {
        const opened = await this.#open(entry)
        if (opened === undefined || items.has(opened.commitment) || !(await isWanted(opened))) continue
        if (items.size === limit) return { items: [...items.values()], next: [...items.values()].at(-1)?.place ?? null }
        items.set(opened.commitment, opened)
      }
      if (page.next === null) return { items: [...items.values()], next: null }
      from = page.next
    }
    return { items: [...items.values()], next: from }
  }

  /** Anybody can make terms in a patient's name and file them: those that the patient neither granted nor filed here are none of theirs. */
  async #isTheirDoing({ patient, commitment }: FiledTerms): Promise<boolean> {
    return this.#parts.isGranted(patient, commitment) || (await this.#parts.filings.find(commitment)) !== undefined
  }

  /** What an entry says, when one of our organisations is party to it and it opens the commitment it stands under. */
  async #open({ commitment, parties, filed_at_s, filed_by, sequence }: TermsView): Promise<FiledTerms | undefined> {
    // Beyond that JavaScript does not count exactly, and no honest entry comes there: a page that goes on behind it would never end.
    if (!Number.isSafeInteger(sequence)) return undefined
    const place = `${sequence}.${filed_by}`
    const cached = this.#byPlace.get(place)
    if (cached?.commitment === commitment) return cached
    const { keys, deployment } = this.#parts
    for (const { organisation, sealed } of parties.slice(0, MOST_PARTIES)) {
      const party = organisationIdSchema.safeParse(organisation).data
      const pair = party === undefined ? undefined : await keys.of(party)
      if (party === undefined || pair === undefined) continue
      const text = await openTerms(Buffer.from(sealed, 'base64'), pair, { deployment, commitment, party })
      const content = text === undefined ? undefined : readContent(text)
      if (content === undefined || content.commitment !== commitment || !this.#opensCommitment(content)) continue
      // Nonce, time and what it replaces are not in the commitment: of our own patients we know them better than another member does.
      const own = await this.#parts.filings.find(content.commitment)
      const opened = { ...(own?.filed ?? content), place, filedAtS: own?.filedAtS ?? Math.min(filed_at_s, LATEST_S) }
      this.#byPlace.set(place, opened)
      return opened
    }
    return undefined
  }

  #opensCommitment({ commitment, patient, terms, salts }: NewFiledTerms): boolean {
    const { chainId, contracts } = this.#parts.deployment
    try {
      return commitConsent({ chainId, registry: contracts.consentRegistry, patient, terms, salts }).commitment === commitment
    } catch (failure) {
      // A purpose that does not exist, or a zero salt: no commitment can be made of these.
      if (failure instanceof MedsyncError) return false
      throw failure
    }
  }
}

function keptOf({ filed, filedAtS }: Filing): FiledTerms {
  return { ...filed, place: '', filedAtS }
}
