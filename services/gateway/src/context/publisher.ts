import type { Deployment } from '@medsync/chain'
import type { NewFiledTerms } from '@medsync/context'
import type { AppArguments, Sealed } from '@medsync/context/app'
import { type AccountAddress, type Commitment, type OrganisationId, ZERO } from '@medsync/protocol'
import type { Circle, Seat } from './circle.ts'
import type { ConfirmedHospitals } from './confirmedHospitals.ts'
import type { ContextKeys } from './contextKeys.ts'
import { contentOf } from './filedContent.ts'
import type { Filing, Filings } from './filings.ts'
import { OneByOne } from './oneByOne.ts'
import { type OnChain, type Party, partiesOf } from './parties.ts'
import type { PartyLabels } from './partyLabels.ts'
import { sealTerms } from './sealTerms.ts'

/** How `sealed` is made; the app keeps it with the entry. */
const SEALING = 'hpke-v1'
/** Most parties that the app takes for one entry. */
const MOST_PARTIES = 16

/** What publishing needs. */
export type PublisherOptions = {
  readonly circle: Circle
  readonly filings: Filings
  readonly confirmed: ConfirmedHospitals
  readonly keys: ContextKeys
  readonly labels: PartyLabels
  readonly deployment: Deployment
  readonly onChain: () => OnChain
  /** The hospitals served here that hold a record of an account. */
  readonly holdersHere: (patient: AccountAddress) => Promise<readonly OrganisationId[]>
}

/** Puts our filings into the circle: once each, sealed to everyone concerned, and to those who come to be concerned later. */
export class Publisher {
  readonly #options: PublisherOptions
  readonly #running = new OneByOne<Commitment>()

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  /**
   * Sees to it that the circle has a filing, and that all parties can open it. May be repeated; one at a time for each commitment.
   * @returns Whether everyone concerned who is in the circle can open it; else publish it again later.
   * @throws {ContextUnavailableError} It may be there or not; publish again.
   */
  async publish(filing: Filing): Promise<boolean> {
    return await this.#running.run(filing.filed.commitment, () => this.#publish(filing))
  }

  /** Gives a patient's terms that name no hospital to those that hold a record of the patient by now, as we or the patient say. */
  async share(patient: AccountAddress): Promise<void> {
    for (const filing of await this.#options.filings.ofPatient(patient)) {
      if (filing.filed.terms.custodian === ZERO) await this.publish(filing)
    }
  }

  async #publish(filing: Filing): Promise<boolean> {
    const { circle, filings, confirmed, holdersHere } = this.#options
    const { filed } = filing
    const [ours, others] = await Promise.all([holdersHere(filed.patient), confirmed.of(filed.patient)])
    const seat = this.#seatFor(filing, ours)
    const executor = await circle.executorOf(seat)
    const entries = await circle.call(seat, 'terms_by_commitment', { commitment: filed.commitment })
    const standing = entries.find(({ filed_by }) => filed_by === executor)?.parties ?? []
    const { parties, isLacking } = await partiesOf(this.#options, filed, [...ours, ...others], seat.organisation)
    const added = await this.#sealed(filed, parties, seat, new Set(standing.map(({ label }) => label)))
    if (added.length > 0) await circle.call(seat, 'file_terms', argumentsOf(filing, [...standing, ...added].slice(0, MOST_PARTIES)))
    if (!isLacking) await filings.confirm(filed.commitment, await circle.id(), seat.name)
    return !isLacking
  }

  /** For each party that does not stand there yet. One whose key has changed does not: its label is another one. */
  async #sealed(filed: NewFiledTerms, parties: readonly Party[], seat: Seat, standing: ReadonlySet<string>): Promise<Sealed[]> {
    const { deployment, keys, labels } = this.#options
    const { commitment } = filed
    const filer = await keys.of(seat.organisation)
    const sealed: Sealed[] = []
    for (const { organisation, key } of parties) {
      const label = filer === undefined ? undefined : await labels.forParty(filer, key, commitment)
      if (label === undefined || standing.has(label)) continue
      const bytes = await sealTerms(contentOf(filed), key, { deployment, commitment, party: organisation })
      if (bytes !== undefined) sealed.push({ label, sealed: Buffer.from(bytes).toString('base64') })
    }
    return sealed
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

function argumentsOf({ filed, filedAtS }: Filing, parties: readonly Sealed[]): AppArguments['file_terms'] {
  const { commitment, patient, replaces } = filed
  return { commitment, patient_tag: patient, parties, nonce: SEALING, replaces: replaces ?? null, filed_at_s: filedAtS }
}
