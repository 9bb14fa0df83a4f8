import { type ChainEvent, type RequestState, type SetAsideEvent, type StudyTerms, subjectsOf } from '@medsync/chain'
import type { AccountAddress, Felt, OrganisationId, RequestId, StudyId } from '@medsync/protocol'

/** A study with its money, smallest unit of its token. */
export type KnownStudy = {
  readonly study: StudyId
  readonly terms: StudyTerms
  readonly funder: AccountAddress
  readonly state: 'open' | 'closed'
  /** Neither held for a request nor paid. */
  readonly available: bigint
  /** Requests that wait for their answer; each holds the price. */
  readonly openRequests: number
  /** Requests that were answered with data. */
  readonly settled: number
  /** Different patients with an open or settled request. */
  readonly cohort: number
  /** Disputes of its accesses that wait for their end, and those that were upheld. */
  readonly openDisputes: number
  readonly upheld: number
}

/** A request and what became of it. */
export type KnownRequest = {
  readonly request: RequestId
  readonly study: StudyId
  readonly hospital: OrganisationId
  readonly patient: AccountAddress
  readonly requester: AccountAddress
  readonly digest: Felt
  readonly price: bigint
  readonly expiresAtS: number
  readonly state: Exclude<RequestState, 'unknown'>
  readonly requestTransaction: Felt
  readonly answerTransaction: Felt | undefined
  /** Digest of the entry that answers it. */
  readonly entry: Felt | undefined
}

/** As many as `limit`, with ids below `before`; all when not given. */
export type NewestFirst = { readonly before?: number | null; readonly limit?: number }

/** Studies, requests and what is owed, as the events tell them. */
export class PoolState {
  readonly #studies = new Map<StudyId, KnownStudy>()
  readonly #requests = new Map<RequestId, KnownRequest>()
  readonly #byDigest = new Map<string, RequestId>()
  readonly #underDigest = new Map<Felt, RequestId[]>()
  readonly #open = new Set<RequestId>()
  readonly #ofHospital = new Map<OrganisationId, RequestId[]>()
  readonly #ofOffice = new Map<OrganisationId, RequestId[]>()
  readonly #owed = new Map<string, bigint>()
  /** Open or settled requests, by study and patient: who is in a cohort. */
  readonly #used = new Map<string, number>()
  readonly #doubtful = new Set<StudyId>()
  #isPaused = false

  /** Takes one event in; those of other contracts do nothing. */
  apply(event: ChainEvent): void {
    switch (event.type) {
      case 'StudyOpened':
        this.#openStudy(event)
        break
      case 'StudyFunded':
        this.#change(event.study, ({ available }) => ({ available: available + event.amount }))
        break
      case 'StudyRefunded':
        this.#change(event.study, ({ available }) => ({ available: available - event.amount }))
        break
      case 'StudyClosed':
        this.#close(event)
        break
      case 'StudyDisputed':
        this.#change(event.study, ({ openDisputes }) => ({ openDisputes: openDisputes + 1 }))
        break
      case 'StudyDisputeEnded':
        this.#change(event.study, ({ openDisputes, upheld }) => ({
          openDisputes: openDisputes - 1,
          upheld: upheld + (event.isUpheld ? 1 : 0),
        }))
        break
      case 'PatientCompensated':
        this.#compensate(event)
        break
      case 'Paused':
        this.#isPaused = true
        break
      case 'Unpaused':
        this.#isPaused = false
        break
      case 'RequestOpened':
        this.#openRequest(event)
        break
      case 'RequestSettled':
        this.#settle(event)
        break
      case 'RequestRefused':
        this.#giveBack(event.request, { state: 'refused', entry: event.entry, answerTransaction: event.at.transaction })
        break
      case 'RequestExpired':
        this.#giveBack(event.request, { state: 'expired', answerTransaction: event.at.transaction })
        break
      case 'RewardClaimed':
        this.#credit(event.token, event.account, -event.amount)
        break
      case 'OrganisationRewardClaimed':
        this.#credit(event.token, event.organisation, -event.amount)
        break
      case 'SetAside':
        this.#setAside(event)
        break
    }
  }

  /** Whether nothing may be settled now. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  /** Whether an event may be about this study that this version cannot read: its money and its requests may stand differently. */
  isInDoubt(study: StudyId): boolean {
    return this.#doubtful.has(study)
  }

  /** The study with this id. */
  study(id: StudyId): KnownStudy | undefined {
    return this.#studies.get(id)
  }

  /** The request with this id. */
  request(id: RequestId): KnownRequest | undefined {
    return this.#requests.get(id)
  }

  /** The request that `requester` made under `digest`. */
  requestByDigest(requester: AccountAddress, digest: Felt): KnownRequest | undefined {
    const id = this.#byDigest.get(`${requester}|${digest}`)
    return id === undefined ? undefined : this.#requests.get(id)
  }

  /** Requests of other accounts under the digest of this one: anybody may take over a digest that stands on chain. */
  othersUnderDigestOf({ request, digest }: Pick<KnownRequest, 'request' | 'digest'>): readonly RequestId[] {
    return (this.#underDigest.get(digest) ?? []).filter((id) => id !== request)
  }

  /** Requests that nobody answered yet, oldest first. */
  openRequests(): KnownRequest[] {
    return [...this.#open].flatMap((id) => this.#requests.get(id) ?? [])
  }

  /** Requests that a hospital was asked, newest first. */
  requestsOfHospital(hospital: OrganisationId, page?: NewestFirst): KnownRequest[] {
    return this.#newestFirst(this.#ofHospital.get(hospital) ?? [], page)
  }

  /** Requests for the studies of a research office, newest first. */
  requestsOfOffice(office: OrganisationId, page?: NewestFirst): KnownRequest[] {
    return this.#newestFirst(this.#ofOffice.get(office) ?? [], page)
  }

  /** The studies of a research office, newest first. */
  studiesOf(office: OrganisationId): KnownStudy[] {
    return [...this.#studies.values()].filter(({ terms }) => terms.organisation === office).reverse()
  }

  /** What an account, or an organisation, may collect of a token, smallest unit. */
  owed(token: AccountAddress, owner: AccountAddress | OrganisationId): bigint {
    const owed = this.#owed.get(`${token}|${owner}`) ?? 0n
    return owed < 0n ? 0n : owed
  }

  /** Nothing is settled in a study that an unread event may be about; after an unread pause nothing at all. */
  #setAside(event: SetAsideEvent): void {
    if (event.contract !== 'rewardPool') return
    if (event.of === 'Paused') this.#isPaused = true
    const { studies, requests } = subjectsOf(event)
    for (const study of studies) this.#doubtful.add(study)
    for (const id of requests) {
      const study = this.#requests.get(id)?.study
      if (study !== undefined) this.#doubtful.add(study)
    }
  }

  #openStudy({ study, funder, terms }: Extract<ChainEvent, { type: 'StudyOpened' }>): void {
    const { purpose, ...rest } = terms
    const counts = { available: 0n, openRequests: 0, settled: 0, cohort: 0, openDisputes: 0, upheld: 0 }
    this.#studies.set(study, { study, funder, terms: { ...rest, purposeIndex: purpose }, state: 'open', ...counts })
  }

  #close({ study, funder, toFunder }: Extract<ChainEvent, { type: 'StudyClosed' }>): void {
    this.#change(study, () => ({ state: 'closed', available: 0n }))
    const token = this.#studies.get(study)?.terms.token
    if (token !== undefined) this.#credit(token, funder, toFunder)
  }

  #compensate({ study, patient, amount }: Extract<ChainEvent, { type: 'PatientCompensated' }>): void {
    const token = this.#studies.get(study)?.terms.token
    if (token !== undefined) this.#credit(token, patient, amount)
  }

  #openRequest({ at, type: _, ...opened }: Extract<ChainEvent, { type: 'RequestOpened' }>): void {
    const answer = { state: 'open', requestTransaction: at.transaction, answerTransaction: undefined, entry: undefined } as const
    this.#requests.set(opened.request, { ...opened, ...answer })
    this.#byDigest.set(`${opened.requester}|${opened.digest}`, opened.request)
    pushTo(this.#underDigest, opened.digest, opened.request)
    this.#open.add(opened.request)
    pushTo(this.#ofHospital, opened.hospital, opened.request)
    const office = this.#studies.get(opened.study)?.terms.organisation
    if (office !== undefined) pushTo(this.#ofOffice, office, opened.request)
    const newcomers = this.#use(opened, 1) === 1 ? 1 : 0
    this.#change(opened.study, ({ available, openRequests, cohort }) => ({
      available: available - opened.price,
      openRequests: openRequests + 1,
      cohort: cohort + newcomers,
    }))
  }

  #settle(event: Extract<ChainEvent, { type: 'RequestSettled' }>): void {
    this.#answer(event.request, { state: 'settled', entry: event.entry, answerTransaction: event.at.transaction })
    this.#change(event.study, ({ openRequests, settled }) => ({ openRequests: openRequests - 1, settled: settled + 1 }))
    const token = this.#studies.get(event.study)?.terms.token
    if (token === undefined) return
    this.#credit(token, event.patient, event.patientShare)
    this.#credit(token, event.hospital, event.hospitalShare)
  }

  #giveBack(id: RequestId, answer: Partial<KnownRequest>): void {
    const answered = this.#answer(id, answer)
    if (answered === undefined) return
    const leavers = this.#use(answered, -1) === 0 ? 1 : 0
    this.#change(answered.study, ({ available, openRequests, cohort }) => ({
      available: available + answered.price,
      openRequests: openRequests - 1,
      cohort: cohort - leavers,
    }))
  }

  #answer(id: RequestId, answer: Partial<KnownRequest>): KnownRequest | undefined {
    const request = this.#requests.get(id)
    this.#open.delete(id)
    if (request !== undefined) this.#requests.set(id, { ...request, ...answer })
    return request
  }

  /** No amount or count falls below zero: an event that would have raised it before may be unread. */
  #change(id: StudyId, change: (study: KnownStudy) => Partial<KnownStudy>): void {
    const study = this.#studies.get(id)
    if (study === undefined) return
    const changed = { ...study, ...change(study) }
    this.#studies.set(id, {
      ...changed,
      available: changed.available < 0n ? 0n : changed.available,
      openRequests: Math.max(0, changed.openRequests),
      cohort: Math.max(0, changed.cohort),
      openDisputes: Math.max(0, changed.openDisputes),
    })
  }

  /** Counts a patient's requests in a study; returns how many there are now. */
  #use({ study, patient }: Pick<KnownRequest, 'study' | 'patient'>, by: 1 | -1): number {
    const key = `${study}|${patient}`
    const used = (this.#used.get(key) ?? 0) + by
    this.#used.set(key, used)
    return used
  }

  #credit(token: AccountAddress, owner: Felt, amount: bigint): void {
    const key = `${token}|${owner}`
    this.#owed.set(key, (this.#owed.get(key) ?? 0n) + amount)
  }

  #newestFirst(ids: readonly RequestId[], { before = null, limit = Number.POSITIVE_INFINITY }: NewestFirst = {}): KnownRequest[] {
    const found: KnownRequest[] = []
    for (const id of ids.toReversed()) {
      if (found.length >= limit) break
      const request = before === null || id < before ? this.#requests.get(id) : undefined
      if (request !== undefined) found.push(request)
    }
    return found
  }
}

function pushTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
