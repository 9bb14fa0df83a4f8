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
import type { MemberView, TermsView } from '@medsync/context/app'
import {
  type AccountAddress,
  type Commitment,
  commitConsent,
  commitmentSchema,
  MedsyncError,
  type OrganisationId,
  organisationIdSchema,
} from '@medsync/protocol'
import { RateLimitError } from '../gatewayErrors.ts'
import type { Tenants } from '../tenants/tenants.ts'
import { BoundedCache } from './boundedCache.ts'
import type { Catalogue } from './catalogue.ts'
import type { Circle } from './circle.ts'
import type { ConfirmedHospitals } from './confirmedHospitals.ts'
import type { ContextKeyPair, ContextKeys } from './contextKeys.ts'
import { contentOf, readContent } from './filedContent.ts'
import type { Filing, Filings } from './filings.ts'
import { OneByOne } from './oneByOne.ts'
import type { OnChain } from './parties.ts'
import type { PartyLabels } from './partyLabels.ts'
import type { Publisher } from './publisher.ts'
import { openTerms } from './sealTerms.ts'

/** Opened terms that stay in memory; they never change. */
const CACHED_TERMS = 20_000
/** Most that the app gives at once. */
const PAGE = 200
/** Pages that one question reads; where it stopped it can go on. */
const MOST_PAGES = 50
/** Most parties that the app takes for one entry; what a member wrote past the app is not tried. */
const MOST_PARTIES = 16
/** Consents that a patient may prepare in a day without granting any: as many as one order can grant. */
const MOST_DRAFTS = 300
const DAY_S = 86_400
/** A claimed time beyond it is nobody's clock: the end of the year 9999. */
const LATEST_S = 253_402_300_799

/** What the context is made of. */
export type CircleContextOptions = {
  readonly circle: Circle
  readonly keys: ContextKeys
  readonly labels: PartyLabels
  readonly tenants: Tenants
  readonly onChain: () => OnChain
  readonly filings: Filings
  readonly publisher: Publisher
  readonly catalogue: Catalogue
  readonly confirmed: ConfirmedHospitals
  readonly deployment: Deployment
  /** See `MOST_DRAFTS`. */
  readonly mostDrafts?: number
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
  readonly #keeping = new OneByOne<AccountAddress>()
  #byPlace = new BoundedCache<string, FiledTerms>(CACHED_TERMS)

  constructor(parts: CircleContextOptions) {
    this.#parts = parts
  }

  async fileTerms(filed: NewFiledTerms, options?: ContextOptions): Promise<FiledTerms> {
    options?.signal?.throwIfAborted()
    if (!this.#opensCommitment(filed)) throw new ContextConflictError()
    const { circle, publisher } = this.#parts
    const id = await circle.id()
    const filing = await this.#keeping.run(filed.patient, () => this.#keep(filed))
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
    const step = Math.min(PAGE, page.limit + 1)
    const read = (after: string | null) => this.#parts.circle.ask('terms_of_patient', { patient_tag: patient, after, limit: step }, options)
    return await pick(page, read, async (entry) => {
      const opened = await this.#open(entry)
      return opened?.patient === patient && (await this.#isTheirDoing(opened)) ? opened : undefined
    })
  }

  async termsForGrantee(grantee: OrganisationId, page: PageRequest, options?: ContextOptions): Promise<Page<FiledTerms>> {
    options?.signal?.throwIfAborted()
    const pair = await this.#parts.keys.of(grantee)
    if (pair === undefined) return { items: [], next: null }
    const members = await this.#parts.circle.members()
    const read = (after: string | null) => this.#parts.circle.ask('filings', { after, limit: PAGE }, options)
    return await pick(page, read, async (filing) => {
      const own = await this.#labelsOf(pair, this.#keysOf(members, filing.filed_by), filing.commitment)
      const commitment = commitmentSchema.safeParse(filing.commitment).data
      if (commitment === undefined || !own.some((label) => filing.labels.includes(label))) return undefined
      const opened = await this.#find(commitment, options)
      return opened?.terms.grantee === grantee ? { ...opened, place: placeOf(filing) } : undefined
    })
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

  /** What stands in the circle stays there for good, at every hospital: only a patient who grants some may go on preparing more. */
  async #keep(filed: NewFiledTerms): Promise<Filing> {
    const { filings, isGranted } = this.#parts
    const { patient, commitment } = filed
    const isKept = (await filings.find(commitment)) !== undefined
    const drafts = isKept ? [] : (await filings.lately(patient, DAY_S)).filter((each) => !isGranted(patient, each.filed.commitment))
    if (drafts.length >= (this.#parts.mostDrafts ?? MOST_DRAFTS)) throw new RateLimitError('consent/too-many-drafts')
    return await filings.keep(filed)
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

  /** The labels under which an organisation of ours stands in a filing if it is party to it. */
  async #labelsOf(own: ContextKeyPair, filers: readonly Uint8Array[], commitment: string): Promise<readonly string[]> {
    const labels = await Promise.all(filers.map((filer) => this.#parts.labels.forUs(own, filer, commitment)))
    return labels.filter((label) => label !== undefined)
  }

  /** The keys that a member may have filed with: the one that the circle has, and those that the chain has for its organisation. */
  #keysOf(members: readonly MemberView[], executor: string): readonly Uint8Array[] {
    const member = members.find((each) => each.executor === executor)
    if (member === undefined) return []
    const organisation = organisationIdSchema.safeParse(member.organisation).data
    const onChain = organisation === undefined ? [] : this.#parts.onChain().participants.keysOf(organisation)
    const keys = [Buffer.from(member.encryption_key_base64, 'base64'), ...onChain.map((key) => Buffer.from(key))]
    return keys.filter((key, at) => keys.findIndex((other) => other.equals(key)) === at)
  }

  /** Anybody can make terms in a patient's name and file them: those that the patient neither granted nor filed here are none of theirs. */
  async #isTheirDoing({ patient, commitment }: FiledTerms): Promise<boolean> {
    return this.#parts.isGranted(patient, commitment) || (await this.#parts.filings.find(commitment)) !== undefined
  }

  /** What an entry says, when one of our organisations is party to it and it opens the commitment it stands under. */
  async #open(entry: TermsView): Promise<FiledTerms | undefined> {
    const { commitment, filed_at_s } = entry
    const place = placeOf(entry)
    const cached = this.#byPlace.get(place)
    if (cached?.commitment === commitment) return cached
    const content = await this.#unseal(entry)
    if (content === undefined) return undefined
    // Nonce, time and what it replaces are not in the commitment: of our own patients we know them better than another member does.
    const own = await this.#parts.filings.find(content.commitment)
    const opened = { ...(own?.filed ?? content), place, filedAtS: own?.filedAtS ?? Math.min(filed_at_s, LATEST_S) }
    this.#byPlace.set(place, opened)
    return opened
  }

  async #unseal({ commitment, parties, filed_by }: TermsView): Promise<NewFiledTerms | undefined> {
    const { circle, keys, deployment, tenants } = this.#parts
    const filers = this.#keysOf(await circle.members(), filed_by)
    for (const { organisation: party } of tenants.all) {
      const pair = await keys.of(party)
      const own = pair === undefined ? [] : await this.#labelsOf(pair, filers, commitment)
      for (const { label, sealed } of parties.slice(0, MOST_PARTIES)) {
        if (pair === undefined || !own.includes(label)) continue
        const text = await openTerms(Buffer.from(sealed, 'base64'), pair, { deployment, commitment, party })
        const content = text === undefined ? undefined : readContent(text)
        if (content?.commitment === commitment && this.#opensCommitment(content)) return content
      }
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

function placeOf({ sequence, filed_by }: { readonly sequence: number; readonly filed_by: string }): string {
  return `${sequence}.${filed_by}`
}

/** Fills a page with what `choose` makes of the entries that `read` gives, each commitment once. */
async function pick<E extends { readonly sequence: number }>(
  { after, limit }: PageRequest,
  read: (after: string | null) => Promise<{ readonly entries: readonly E[]; readonly next: string | null }>,
  choose: (entry: E) => Promise<FiledTerms | undefined>,
): Promise<Page<FiledTerms>> {
  const items = new Map<Commitment, FiledTerms>()
  let from = after
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await read(from)
    for (const entry of page.entries) {
      // Beyond that JavaScript does not count exactly, and no honest entry comes there: a page that goes on behind it would never end.
      const chosen = Number.isSafeInteger(entry.sequence) ? await choose(entry) : undefined
      if (chosen === undefined || items.has(chosen.commitment)) continue
      if (items.size === limit) return { items: [...items.values()], next: [...items.values()].at(-1)?.place ?? null }
      items.set(chosen.commitment, chosen)
    }
    if (page.next === null) return { items: [...items.values()], next: null }
    from = page.next
  }
  return { items: [...items.values()], next: from }
}
