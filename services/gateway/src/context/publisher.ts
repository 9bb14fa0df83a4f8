import type { Deployment } from '@medsync/chain'
import type { Sealed } from '@medsync/context/app'
import { type AccountAddress, type Commitment, type OrganisationId, ZERO } from '@medsync/protocol'
import type { Catalogue } from './catalogue.ts'
import type { Circle, Seat } from './circle.ts'
import type { ContextKeys } from './contextKeys.ts'
import { contentOf } from './filedContent.ts'
import type { Filing, Filings } from './filings.ts'
import { type OnChain, type Party, partiesOf } from './parties.ts'
import { sealTerms } from './sealTerms.ts'

/** How `sealed` is made; the app keeps it with the entry. */
const SEALING = 'hpke-v1'
/** Most parties that the app takes for one entry. */
const MOST_PARTIES = 16

/** What publishing needs. */
export type PublisherOptions = {
  readonly circle: Circle
  readonly catalogue: Catalogue
  readonly filings: Filings
  readonly keys: ContextKeys
  readonly deployment: Deployment
  readonly onChain: () => OnChain
}

/** Puts our filings into the circle: once each, sealed to everyone concerned, and to those who come to be concerned later. */
export class Publisher {
  readonly #options: PublisherOptions
  readonly #running = new Map<Commitment, Promise<void>>()

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  /**
   * Sees to it that the circle has a filing, and that all parties can open it. May be repeated; one at a time for each commitment.
   * @throws {ContextUnavailableError} It may be there or not; publish again.
   */
  async publish(filing: Filing): Promise<void> {
    const { commitment } = filing.filed
    const before = this.#running.get(commitment) ?? Promise.resolve()
    const own = before.catch(() => undefined).then(() => this.#publish(filing))
    this.#running.set(commitment, own)
    try {
      await own
    } finally {
      if (this.#running.get(commitment) === own) this.#running.delete(commitment)
    }
  }

  /** Gives a patient's terms that name no hospital to those who hold a record of the patient by now. */
  async share(patient: AccountAddress): Promise<void> {
    for (const filing of await this.#options.filings.ofPatient(patient)) {
      if (filing.filed.terms.custodian === ZERO) await this.publish(filing)
    }
  }

  async #publish(filing: Filing): Promise<void> {
    const { circle, catalogue, filings } = this.#options
    const { filed } = filing
    const holders = await catalogue.hospitalsOf(filed.patient)
    const seat = this.#seatFor(filing, holders)
    const executor = await circle.executorOf(seat)
    const entries = await circle.call(seat, 'terms_by_commitment', { commitment: filed.commitment })
    const own = entries.find(({ filed_by }) => filed_by === executor)
    const parties = (await partiesOf(this.#options, filed, holders, seat.organisation)).slice(0, MOST_PARTIES)
    const missing = parties.filter(({ organisation }) => own?.parties.every((each) => each.organisation !== organisation) ?? true)
    if (missing.length > 0) await this.#file(seat, filing, own?.parties ?? [], missing)
    await filings.confirm(filed.commitment, await circle.id(), seat.name)
  }

  async #file(seat: Seat, { filed, filedAtS }: Filing, standing: readonly Sealed[], missing: readonly Party[]): Promise<void> {
    const { circle, deployment } = this.#options
    const { commitment } = filed
    const added = await Promise.all(
      missing.map(async ({ organisation, key }) => ({
        organisation,
        sealed: Buffer.from(await sealTerms(contentOf(filed), key, { deployment, commitment, party: organisation })).toString('base64'),
      })),
    )
    const args = {
      commitment,
      patient_tag: filed.patient,
      parties: [...standing, ...added].slice(0, MOST_PARTIES),
      nonce: SEALING,
      replaces: filed.replaces ?? null,
      filed_at_s: filedAtS,
    }
    await circle.call(seat, 'file_terms', args)
  }

  /** In whose name: as before, else the hospital that the terms name, else one that holds a record, else the first. */
  #seatFor({ filed: { terms }, seat }: Filing, holders: readonly OrganisationId[]): Seat {
    const { seats } = this.#options.circle
    const known = seats.find(({ name }) => name === seat)
    const named = seats.find(({ organisation }) => organisation === terms.custodian)
    const holding = seats.find(({ organisation }) => holders.includes(organisation))
    return known ?? named ?? holding ?? this.#options.circle.seatOf(undefined)
  }
}
