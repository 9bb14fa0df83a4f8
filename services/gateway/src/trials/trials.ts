import { ContextUnavailableError, type PrivateContext } from '@medsync/context'
import type { RoundView } from '@medsync/context/app'
import {
  type AccountAddress,
  type Commitment,
  type ConsentTerms,
  type HospitalTrial,
  type Invitation,
  type OrganisationId,
  PURPOSES,
  type RecordId,
  type StudyDetails,
  type StudyId,
  studyIdSchema,
  type Trial,
  type TrialMatch,
} from '@medsync/protocol'
import { type Criteria, describeCriterion, MatchingError, parseCriteria } from '@medsync/protocol/matching'
import type { FollowedChain } from '../chain/followedChain.ts'
import type { KnownStudy } from '../chain/poolState.ts'
import type { Clock } from '../clock.ts'
import type { Circle, Seat } from '../context/circle.ts'
import type { EventHub } from '../events/eventHub.ts'
import { NotFoundError } from '../gatewayErrors.ts'
import type { SealedRecords } from '../records/sealedRecords.ts'
import { isSoundRound } from '../rounds/roundFitness.ts'
import { readParameters } from '../rounds/roundParameters.ts'
import type { Rounds } from '../rounds/rounds.ts'
import type { PersonValue } from '../rounds/roundsOptions.ts'
import type { FiledStudies } from '../studies/filedStudies.ts'
import type { Tenant, Tenants } from '../tenants/tenants.ts'
import type { Invitations, KeptInvitation } from './invitations.ts'
import { matchRecord, matchRecords } from './matchRecords.ts'
import type { SavedTrials } from './savedTrials.ts'
import { TrialError } from './trialError.ts'

const PAGE = 50
const ANSWER_WITHIN_MS = 30_000
/** A hospital's page shows no more of them; all are counted. */
const MAX_SHOWN = 200
const YEAR_S = 365 * 86_400
const ORDER = { met: 0, unknown: 1, 'not-met': 2 } as const

/** What trials are made from. */
export type TrialsOptions = {
  readonly saved: SavedTrials
  readonly invitations: Invitations
  readonly circle: Circle
  readonly records: SealedRecords
  readonly tenants: Tenants
  readonly events: EventHub
  readonly clock: Clock
  readonly chain: Pick<FollowedChain, 'state'>
  readonly context: Pick<PrivateContext, 'termsByCommitment'>
  readonly studies: Pick<FiledStudies, 'find'>
  /** Asked late: rounds need these trials, and these trials need rounds. */
  rounds(): Pick<Rounds, 'openStatistics' | 'get'>
}

/** Who fits which study: criteria of offices, counts across hospitals, matches at each hospital, and invitations of patients. */
export class Trials {
  readonly #options: TrialsOptions

  constructor(options: TrialsOptions) {
    this.#options = options
  }

  /** Own people who met criteria at a time, for a round that counts them. @throws {MatchingError} The criteria cannot be read. */
  async peopleOfStudy(organisation: OrganisationId, group: unknown, asOfS: number): Promise<readonly PersonValue[]> {
    const criteria = parseCriteria(group)
    const people: PersonValue[] = []
    for await (const { match, ageDecade, gender, createdAtS } of this.#matches(organisation, criteria, asOfS)) {
      if (match.verdict === 'met') people.push({ value: 1, ageDecade, gender, enteredS: createdAtS })
    }
    return people
  }

  /** Keeps an office's criteria of one of its studies, and gives them in words. @throws {NotFoundError} It is not its study. @throws {MatchingError} Naming the criterion. */
  async save(tenant: Tenant, study: StudyId, group: unknown): Promise<string[]> {
    this.#ownStudy(tenant, study)
    const words = parseCriteria(group).map(describeCriterion)
    await this.#options.saved.put(tenant.slug, study, { criteria: group, savedAtS: this.#options.clock.nowS(), round: null })
    return words
  }

  /** An office's studies with criteria, and what was counted last. */
  async list(tenant: Tenant): Promise<Trial[]> {
    const saved = await this.#options.saved.all(tenant.slug)
    return await Promise.all(
      [...saved].map(async ([study, { criteria, savedAtS, round }]) => ({
        study,
        criteria,
        savedAtS,
        words: wordsOf(criteria),
        count: round === null ? null : await this.#countOf(round),
      })),
    )
  }

  /** Asks all hospitals how many meet a study's criteria, and gives the round's id. @throws {RoundRefusedError} As `openStatistics`. */
  async count(tenant: Tenant, study: StudyId, by: AccountAddress): Promise<string> {
    this.#ownStudy(tenant, study)
    const trial = (await this.#options.saved.all(tenant.slug)).get(study)
    if (trial === undefined) throw new NotFoundError()
    const question = {
      field: { kind: 'study', study: String(study), criteria: trial.criteria },
      measure: { kind: 'count' },
      cohort: {},
    } as const
    const round = await this.#options.rounds().openStatistics(this.#seat(), question, by)
    await this.#options.saved.put(tenant.slug, study, { ...trial, round })
    return round
  }

  /** Studies that the hospitals were asked to count for, each as it was asked last. */
  async asked(): Promise<HospitalTrial[]> {
    const trials: HospitalTrial[] = []
    for (const [study, { criteria, round }] of await this.#asked()) {
      const known = this.#options.chain.state.pool.study(study)
      if (known === undefined) continue
      const { organisation } = known.terms
      trials.push({ study, organisation, details: await this.#detailsOf(known), words: criteria.map(describeCriterion), round })
    }
    return trials
  }

  /** A hospital's own records against a study's criteria: those that meet them first. @throws {NotFoundError} Nobody has asked for that study. */
  async matches(tenant: Tenant, study: StudyId): Promise<{ items: TrialMatch[]; totals: Record<'met' | 'not-met' | 'unknown', number> }> {
    const criteria = await this.#criteriaOf(study)
    const invited = await this.#options.invitations.ofStudy(tenant.slug, study)
    const totals = { met: 0, 'not-met': 0, unknown: 0 }
    const items: TrialMatch[] = []
    for await (const { record, isLinked, match } of this.#matches(tenant.organisation, criteria)) {
      totals[match.verdict] += 1
      items.push({
        record,
        isLinked,
        verdict: match.verdict,
        isDeceased: match.isDeceased,
        invitation: invited.get(record)?.state ?? null,
        criteria: match.criteria.map((each) => ({
          ...each,
          evidence: [...each.evidence],
          missing: each.missing.map(({ ...lacking }) => lacking),
        })),
      })
    }
    items.sort((one, other) => ORDER[one.verdict] - ORDER[other.verdict] || (one.record < other.record ? -1 : 1))
    return { items: items.slice(0, MAX_SHOWN), totals }
  }

  /** Invites the patients of these records: of those that meet the criteria now and are linked, each once. */
  async invite(tenant: Tenant, study: StudyId, records: readonly RecordId[]): Promise<{ invited: RecordId[]; left: RecordId[] }> {
    const criteria = await this.#criteriaOf(study)
    this.#openStudy(study)
    const nowS = this.#options.clock.nowS()
    const words = criteria.map(describeCriterion)
    const [invited, left]: [RecordId[], RecordId[]] = [[], []]
    for (const record of new Set(records)) {
      const { match } = await matchRecord(this.#options.records, tenant.slug, { record, criteria, nowS })
      const isFit = match.verdict === 'met'
      const added = isFit ? await this.#options.invitations.invite(tenant.slug, record, study, { words, invitedAtS: nowS }) : undefined
      ;(added === undefined ? left : invited).push(record)
      if (added !== undefined) this.#tell(tenant, added)
    }
    return { invited, left }
  }

  /** A patient's invitations, by the hospitals served here. */
  async ofPatient(account: AccountAddress): Promise<Invitation[]> {
    const items: Invitation[] = []
    for (const { slug, organisation: hospital } of this.#options.tenants.hospitals) {
      for (const { invitation, study, state, words, invitedAtS } of await this.#options.invitations.ofAccount(slug, account)) {
        const known = this.#options.chain.state.pool.study(study)
        if (known === undefined) continue
        const { organisation, deadlineS } = known.terms
        items.push({
          invitation,
          study,
          organisation,
          hospital,
          details: await this.#detailsOf(known),
          words,
          state,
          invitedAtS,
          deadlineS,
        })
      }
    }
    return items.sort((one, other) => other.invitedAtS - one.invitedAtS || (one.invitation < other.invitation ? -1 : 1))
  }

  /** The consent that accepting an invitation would be, for the patient to look at: what the study needs, until it ends, from this hospital alone. */
  async draft(account: AccountAddress, invitation: string): Promise<ConsentTerms> {
    const { kept, tenant } = await this.#invitation(account, invitation)
    const { terms } = this.#openStudy(kept.study)
    const details = await this.#detailsOf(this.#openStudy(kept.study))
    const purpose = PURPOSES[terms.purposeIndex]
    if (details === null || purpose === undefined) throw new TrialError('trial/no-details', invitation)
    const nowS = this.#options.clock.nowS()
    return {
      grantee: terms.organisation,
      purposes: [purpose.code],
      notBeforeS: nowS,
      expiresAtS: Math.min(terms.deadlineS + terms.answerWithinS, nowS + YEAR_S),
      categories: details.categories,
      dataFromS: details.dataFromS,
      dataToS: details.dataToS,
      custodian: tenant.organisation,
      sensitivities: [],
    }
  }

  /** An invitation became a consent, which stands on chain. @throws {TrialError} `trial/no-consent`: it does not, or is another's. */
  async accepted(account: AccountAddress, invitation: string, commitment: Commitment): Promise<void> {
    const { kept, tenant } = await this.#invitation(account, invitation)
    const { chain, context } = this.#options
    const filed = await context.termsByCommitment(commitment)
    const isForStudy = filed !== undefined && filed.terms.grantee === chain.state.pool.study(kept.study)?.terms.organisation
    if (!isForStudy || chain.state.consents.effective(account, commitment) !== 'active')
      throw new TrialError('trial/no-consent', invitation)
    await this.#options.invitations.answer(tenant.slug, invitation, account, { state: 'accepted', commitment })
    this.#tell(tenant, kept)
  }

  /** A patient does not want to. */
  async decline(account: AccountAddress, invitation: string): Promise<void> {
    const { kept, tenant } = await this.#invitation(account, invitation)
    await this.#options.invitations.answer(tenant.slug, invitation, account, { state: 'declined', commitment: null })
    this.#tell(tenant, kept)
  }

  #matches(organisation: OrganisationId, criteria: Criteria, nowS = this.#options.clock.nowS()) {
    const { slug } = this.#options.tenants.of(organisation)
    return matchRecords(this.#options.records, slug, { criteria, nowS })
  }

  #ownStudy({ organisation }: Tenant, study: StudyId): void {
    if (this.#options.chain.state.pool.study(study)?.terms.organisation !== organisation) throw new NotFoundError()
  }

  #openStudy(study: StudyId): KnownStudy {
    const known = this.#options.chain.state.pool.study(study)
    if (known === undefined) throw new NotFoundError()
    if (known.state !== 'open' || known.terms.deadlineS <= this.#options.clock.nowS())
      throw new TrialError('trial/study-over', String(study))
    return known
  }

  /** Null when they were filed at another gateway. */
  async #detailsOf({ terms }: KnownStudy): Promise<StudyDetails | null> {
    const tenant = this.#options.tenants.find(terms.organisation)
    if (tenant === undefined) return null
    return (await this.#options.studies.find(tenant.slug, [terms.details])).get(terms.details) ?? null
  }

  async #countOf(round: string): Promise<NonNullable<Trial['count']>> {
    const { state, result, reason, isConfirmed } = await this.#options.rounds().get(this.#seat(), round)
    const common = { round, people: null, reason: null }
    if (isConfirmed === false) return { ...common, state: 'given-up', reason: 'rounds/not-confirmed' }
    if (state === 'opened' || (state === 'closed' && result === null)) return { ...common, state: 'counting' }
    if (state === 'aborted') return { ...common, state: 'given-up', reason: reason?.code ?? null }
    return result?.kind === 'count' ? { ...common, state: 'counted', people: result.value } : { ...common, state: 'withheld' }
  }

  #seat(): Seat {
    const [seat] = this.#options.circle.seats
    if (seat === undefined) throw new ContextUnavailableError()
    return seat
  }

  async #criteriaOf(study: StudyId): Promise<Criteria> {
    const found = (await this.#asked()).get(study)
    if (found === undefined) throw new NotFoundError()
    return found.criteria
  }

  /** What the circle's rounds have asked, the latest of each study. What cannot be read is nobody's question. */
  async #asked(): Promise<Map<StudyId, { readonly criteria: Criteria; readonly round: string }>> {
    const found = new Map<StudyId, { readonly criteria: Criteria; readonly round: string }>()
    let after: string | null = null
    do {
      const page: { entries: RoundView[]; next: string | null } = await this.#options.circle.ask(
        'rounds',
        { after, limit: PAGE },
        { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) },
      )
      for (const view of page.entries) {
        const read = questionOf(view)
        if (read !== undefined && !found.has(read.study)) found.set(read.study, { criteria: read.criteria, round: view.id })
      }
      after = page.next
    } while (after !== null)
    return found
  }

  async #invitation(account: AccountAddress, invitation: string): Promise<{ kept: KeptInvitation; tenant: Tenant }> {
    for (const tenant of this.#options.tenants.hospitals) {
      const kept = (await this.#options.invitations.ofAccount(tenant.slug, account)).find((each) => each.invitation === invitation)
      if (kept !== undefined) return { kept, tenant }
    }
    throw new NotFoundError()
  }

  #tell({ organisation }: Tenant, { account, invitation }: KeptInvitation): void {
    const event = { type: 'invitation.changed' as const, invitation }
    this.#options.events.publish({ audience: { account }, event })
    this.#options.events.publish({ audience: { organisation }, event })
  }
}

/** Criteria in words; none when they were saved by a version that read them in another way. */
function wordsOf(group: unknown): string[] {
  try {
    return parseCriteria(group).map(describeCriterion)
  } catch (failure) {
    if (failure instanceof MatchingError) return []
    throw failure
  }
}

function questionOf(view: RoundView): { readonly study: StudyId; readonly criteria: Criteria } | undefined {
  const parameters = readParameters(view.kind, view.parameters)
  if (parameters?.kind !== 'statistics' || parameters.question.field.kind !== 'study' || !isSoundRound(view)) return undefined
  const study = studyIdSchema.safeParse(Number(parameters.question.field.study)).data
  try {
    return study === undefined ? undefined : { study, criteria: parseCriteria(parameters.question.field.criteria) }
  } catch (failure) {
    // Any member may ask anything: what is no criteria is not shown.
    if (failure instanceof MatchingError) return undefined
    throw failure
  }
}
