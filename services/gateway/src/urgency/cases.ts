import { randomUUID } from 'node:crypto'
import {
  type AccountAddress,
  type AssessCase,
  type CaseDetail,
  type CaseId,
  type CaseRank,
  type CaseRanking,
  type CaseStatus,
  type CaseSummary,
  caseIdSchema,
  type NewCase,
  type OrganisationId,
  type RecordId,
} from '@medsync/protocol'
import { decideScore, MAX_NOTE_LETTERS, WINDOW_S } from '@medsync/protocol/urgency'
import { OneByOne } from '../context/oneByOne.ts'
import type { BundleReader } from '../records/bundleReader.ts'
import { type CaseBook, type CaseBooks, type HeldCase, rankIn, rankingIn } from './caseBooks.ts'
import type { CaseEntries, CaseEntry } from './caseEntries.ts'
import { CaseError } from './caseError.ts'
import { computedScore, countingScore } from './caseFile.ts'
import type { CaseRows } from './caseRows.ts'
import type { CaseScoring, Unscored } from './caseScoring.ts'
import { detailOf, summaryOf } from './caseViews.ts'
import { checkObservations } from './checkObservations.ts'
import type { RankedCases, Ranking, WaitingCase } from './rankedCases.ts'

const DAY_S = 86_400
/** How long ago an arrival may be, and how long before it an episode may have begun. */
const MAX_BEFORE_S = 30 * DAY_S
/** Clocks of the staff's machines may be ahead by this much. */
const CLOCK_SKEW_S = 300
const MAX_DECISIONS = 200

/** What cases are made from. */
export type CasesOptions = {
  readonly books: CaseBooks
  readonly rows: CaseRows
  readonly entries: CaseEntries
  readonly scoring: CaseScoring
  readonly reader: BundleReader
  readonly clock: { nowS(): number }
}

/** A place in the list of cases. */
export type CasePlace = { readonly score: number; readonly arrivedAtS: number; readonly case: CaseId }
/** Which part of the list. */
export type CasePage = { readonly limit: number; readonly after: CasePlace | undefined; readonly status: CaseStatus | undefined }

/**
 * The cases of the hospitals served here: opened by staff, scored by rules, confirmed or overridden by clinicians. Every call is for one hospital, and sees that one's cases only.
 */
export class Cases implements RankedCases {
  readonly #options: CasesOptions
  readonly #opening = new OneByOne<string>()

  constructor(options: CasesOptions) {
    this.#options = options
  }

  /**
   * Opens a case of a record, and scores it.
   * @throws {NotFoundError} No record of this hospital. @throws {CaseError} `case/times`, `case/already-waiting` (names the other). @throws {ContextUnavailableError}
   */
  async create(organisation: OrganisationId, wanted: NewCase, by: AccountAddress): Promise<CaseSummary> {
    const book = await this.#options.books.open(organisation)
    const nowS = this.#options.clock.nowS()
    const { record, specialty, arrivedAtS, episodeFromS = arrivedAtS - WINDOW_S, oxygenScale = 1, isPregnant = null } = wanted
    refuseOddTimes({ arrivedAtS, episodeFromS, nowS })
    return await this.#opening.run(`${organisation}|${record}`, async () => {
      if (book.unsettled.size > 0) await this.#options.books.refresh(book)
      const waiting = [...book.cases.values()].find(
        ({ file, status }) => status === 'waiting' && file.record === record && file.specialty === specialty,
      )
      if (waiting !== undefined) throw new CaseError('case/already-waiting', waiting.file.case)
      const facts = { record, specialty, arrivedAtS, episodeFromS, oxygenScale, isPregnant, createdBy: by, createdAtS: nowS }
      return await this.#settle(book, { case: caseIdSchema.parse(randomUUID()), ...facts })
    })
  }

  /** The hospital's cases, the most urgent first; with it those that the vault has lost, and the last ranking. */
  async list(
    organisation: OrganisationId,
    { limit, after, status }: CasePage,
  ): Promise<{ items: CaseSummary[]; lost: { case: CaseId; record: RecordId }[]; ranking: CaseRanking | null }> {
    const book = await this.#options.books.open(organisation)
    const placed = [...book.cases.values()]
      .filter((held) => status === undefined || held.status === status)
      .map((held) => ({ held, place: placeOf(held) }))
      .filter(({ place }) => after === undefined || byUrgency(place, after) > 0)
      .sort((one, other) => byUrgency(one.place, other.place))
    return {
      items: placed.slice(0, limit).map(({ held }) => summaryOf(book, held)),
      lost: [...book.lost].map(([id, record]) => ({ case: id, record })),
      ranking: rankingIn(book) ?? null,
    }
  }

  /** A case with its evidence. @throws {CaseError} `case/other-hospital`, `case/lost`. */
  async get(organisation: OrganisationId, caseId: CaseId): Promise<Omit<CaseDetail, 'patient'>> {
    const { book, held } = await this.#find(organisation, caseId)
    const { facts, added } = await this.#options.scoring.material(book, held.file)
    return detailOf(book, held, { facts, added, hasModel: this.#options.scoring.hasModel })
  }

  /**
   * Adds FHIR Observations of this patient, all or none, and scores the case again.
   * @throws {CaseError} Naming the first that is not taken.
   */
  async addObservations(organisation: OrganisationId, caseId: CaseId, raw: readonly unknown[], by: AccountAddress): Promise<CaseSummary> {
    const { book, held } = await this.#find(organisation, caseId)
    const { facts } = await this.#options.scoring.material(book, held.file)
    const addedAtS = this.#options.clock.nowS()
    const whose = { record: held.file.record, patientUrls: facts.patientUrls }
    const resources = await checkObservations(this.#options.reader, raw, whose, addedAtS)
    return await this.#add(book, held, { kind: 'observations', by, addedAtS, resources })
  }

  /** Adds a note, and scores the case again; a language model, if there is one, is asked later. @throws {CaseError} `case/note-too-long`, `case/ended`, `case/full`. */
  async addNote(organisation: OrganisationId, caseId: CaseId, text: string, by: AccountAddress): Promise<CaseSummary> {
    if (text.length > MAX_NOTE_LETTERS) throw new CaseError('case/note-too-long', caseId)
    const { book, held } = await this.#find(organisation, caseId)
    return await this.#add(book, held, { kind: 'note', by, addedAtS: this.#options.clock.nowS(), text })
  }

  /** A clinician says what no observation does: the SpO2 scale, a pregnancy. Kept with who said it; the case is scored again. */
  async assess(organisation: OrganisationId, caseId: CaseId, said: AssessCase, by: AccountAddress): Promise<CaseSummary> {
    const { book, held } = await this.#find(organisation, caseId)
    const { assessments } = await this.#options.entries.read(organisation, caseId)
    const before = assessments.at(-1) ?? held.file
    const oxygenScale = said.oxygenScale ?? before.oxygenScale
    const isPregnant = said.isPregnant === undefined ? before.isPregnant : said.isPregnant
    return await this.#add(book, held, { kind: 'assessment', by, addedAtS: this.#options.clock.nowS(), oxygenScale, isPregnant })
  }

  /** A clinician finds the computed score right, or goes back to it. @throws {CaseError} `case/score-changed`: look again. */
  async confirm(organisation: OrganisationId, caseId: CaseId, revision: number, by: AccountAddress): Promise<CaseSummary> {
    return await this.#decide(organisation, caseId, { revision, by, score: undefined, reason: '' })
  }

  /** A clinician sets another score. @throws {UrgencyError} Without a reason. @throws {CaseError} `case/score-changed`: look again. */
  async override(
    organisation: OrganisationId,
    caseId: CaseId,
    { revision, score, reason }: { readonly revision: number; readonly score: number; readonly reason: string },
    by: AccountAddress,
  ): Promise<CaseSummary> {
    return await this.#decide(organisation, caseId, { revision, by, score, reason })
  }

  /** Moves a case on or back; `done` is the end. */
  async setStatus(organisation: OrganisationId, caseId: CaseId, status: CaseStatus, by: AccountAddress): Promise<void> {
    const { rows, books, clock, scoring } = this.#options
    const book = await books.open(organisation)
    await scoring.alone(caseId, async () => {
      const held = book.cases.get(caseId)
      const isLost = book.lost.has(caseId)
      if (held === undefined && !isLost) throw new CaseError('case/other-hospital', caseId)
      if (isLost && status !== 'done') throw new CaseError('case/lost', caseId)
      if (held?.status === status) return
      if (held?.status === 'done') throw new CaseError('case/ended', caseId)
      await rows.setStatus(book.tenant.slug, caseId, { status, by, atS: clock.nowS() })
      if (held !== undefined) held.status = status
      book.lost.delete(caseId)
      books.tell(book.tenant, caseId)
    })
  }

  async waiting(organisation: OrganisationId): Promise<readonly WaitingCase[]> {
    const book = await this.#options.books.open(organisation)
    await this.#options.scoring.lookAt(book)
    const waiting = [...book.cases.values()]
      .filter(({ status }) => status === 'waiting')
      .sort((one, other) => one.file.arrivedAtS - other.file.arrivedAtS || (one.file.case < other.file.case ? -1 : 1))
      .map(({ file }) => ({ caseId: file.case, score: countingScore(file).score, specialty: file.specialty }))
    book.told = new Map(waiting.map(({ caseId, score }) => [caseId, score]))
    return waiting
  }

  async keepRanks(organisation: OrganisationId, ranking: Ranking): Promise<void> {
    await this.#options.books.saveRanks(await this.#options.books.open(organisation), ranking, this.#options.clock.nowS())
  }

  async rankOf(organisation: OrganisationId, caseId: CaseId): Promise<CaseRank | undefined> {
    return rankIn(await this.#options.books.open(organisation), caseId)
  }

  /** Into the vault, then into the database: whatever comes between, the case is found again in the vault. */
  async #settle(book: CaseBook, unscored: Unscored): Promise<CaseSummary> {
    const { books, rows, scoring } = this.#options
    const { case: caseId, createdBy: by, createdAtS: atS } = unscored
    book.unsettled.add(caseId)
    const opened = await scoring.open(book, unscored)
    await rows.insert(book.tenant.slug, opened.file, { status: 'waiting', by, atS })
    const held = book.cases.get(caseId) ?? opened
    book.cases.set(caseId, held)
    book.unsettled.delete(caseId)
    books.tell(book.tenant, caseId)
    return summaryOf(book, held)
  }

  async #find(organisation: OrganisationId, caseId: CaseId): Promise<{ book: CaseBook; held: HeldCase }> {
    const book = await this.#options.books.open(organisation)
    const held = book.cases.get(caseId)
    if (held !== undefined) return { book, held }
    throw new CaseError(book.lost.has(caseId) ? 'case/lost' : 'case/other-hospital', caseId)
  }

  async #add(book: CaseBook, held: HeldCase, entry: CaseEntry): Promise<CaseSummary> {
    const { entries, scoring } = this.#options
    await scoring.alone(held.file.case, async () => {
      if (held.status === 'done') throw new CaseError('case/ended', held.file.case)
      await entries.append(book.tenant.organisation, held.file.case, entry)
      // From here on it is kept: should scoring fail now, it is made up for later.
      held.changesAtS = 0
      await scoring.rescore(book, held)
    })
    if (entry.kind === 'note') scoring.askModel(book, held)
    return summaryOf(book, held)
  }

  async #decide(
    organisation: OrganisationId,
    caseId: CaseId,
    { revision, score, reason, by }: { revision: number; score: number | undefined; reason: string; by: AccountAddress },
  ): Promise<CaseSummary> {
    const { books, scoring, clock } = this.#options
    const { book, held } = await this.#find(organisation, caseId)
    await scoring.alone(caseId, async () => {
      if (held.status === 'done') throw new CaseError('case/ended', caseId)
      await scoring.rescore(book, held)
      if (held.file.revision !== revision) throw new CaseError('case/score-changed', caseId)
      if (held.file.decisions.length >= MAX_DECISIONS) throw new CaseError('case/full', caseId)
      const seen = computedScore(held.file)
      const decision = decideScore(seen, { score: score ?? seen.score, reason, by, atS: clock.nowS() })
      // Another revision: whoever still looks at the one before has not seen this decision, and must not undo it.
      await books.save(book, { ...held.file, revision: revision + 1, decisions: [...held.file.decisions, decision] })
    })
    return summaryOf(book, held)
  }
}

function placeOf({ file }: HeldCase): CasePlace {
  return { score: countingScore(file).score, arrivedAtS: file.arrivedAtS, case: file.case }
}

/** The higher score first, then who has waited longer, then by id. */
function byUrgency(one: CasePlace, other: CasePlace): number {
  return other.score - one.score || one.arrivedAtS - other.arrivedAtS || (one.case < other.case ? -1 : one.case === other.case ? 0 : 1)
}

function refuseOddTimes({ arrivedAtS, episodeFromS, nowS }: { arrivedAtS: number; episodeFromS: number; nowS: number }): void {
  const isArrival = arrivedAtS <= nowS + CLOCK_SKEW_S && arrivedAtS >= nowS - MAX_BEFORE_S
  const isBeginning = episodeFromS <= nowS + CLOCK_SKEW_S && episodeFromS >= arrivedAtS - MAX_BEFORE_S
  if (!isArrival) throw new CaseError('case/times', 'arrivedAtS')
  if (!isBeginning) throw new CaseError('case/times', 'episodeFromS')
}
