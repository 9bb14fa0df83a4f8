import { isDeepStrictEqual } from 'node:util'
import { ContextUnavailableError } from '@medsync/context'
import { type CaseId, type RecordId, urgencyScoreSchema } from '@medsync/protocol'
import type { UrgencyScore } from '@medsync/protocol/urgency'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { OneByOne } from '../context/oneByOne.ts'
import { framesOf } from '../http/framesOf.ts'
import type { SealedRecords } from '../records/sealedRecords.ts'
import type { CaseBook, CaseBooks, HeldCase } from './caseBooks.ts'
import type { Added, CaseEntries } from './caseEntries.ts'
import { type CaseFile, fileKey, type ModelMemory } from './caseFile.ts'
import type { CaseModel } from './caseModel.ts'
import type { CaseVault } from './caseVault.ts'
import { askAgain, hearModel } from './hearModel.ts'
import { type RecordFacts, readRecordFacts } from './recordFacts.ts'
import { scoreCase } from './scoreCase.ts'

const LOOK_EVERY_MS = 30_000
/** When a model that could not be asked is asked again. */
const MODEL_AGAIN_S = 900
const MAX_HISTORY = 200

/** What scoring needs. */
export type CaseScoringOptions = {
  readonly books: CaseBooks
  readonly vault: CaseVault
  readonly entries: CaseEntries
  readonly records: SealedRecords
  readonly clock: Clock
  readonly log: Logger
  /** Undefined: notes are read by the rules alone. */
  readonly model: CaseModel | undefined
}

/** A case before its first score. */
export type Unscored = Omit<CaseFile, 'revision' | 'urgency' | 'outOfScope' | 'decisions' | 'history' | 'model'>

/**
 * Keeps the computed scores of cases what the rules say of what is known now: after every addition, when a record was uploaded again, when time makes a value outdated, and at
 * start, whatever was missed or came with another version of the rules.
 */
export class CaseScoring {
  readonly #options: CaseScoringOptions
  readonly #turns = new OneByOne<string>()
  readonly #stopping = new AbortController()
  readonly #pending = new Set<Promise<void>>()
  readonly #asked = new Set<CaseId>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: CaseScoringOptions) {
    this.#options = options
  }

  /** Whether a language model reads notes, too. */
  get hasModel(): boolean {
    return this.#options.model !== undefined
  }

  /** Opens the books of these hospitals and goes on looking; waits for nothing. */
  start(organisations: readonly Parameters<CaseBooks['open']>[0][]): void {
    const look = (): void => {
      for (const organisation of organisations) {
        this.#inBackground(async () => this.lookAt(await this.#options.books.open(organisation)))
      }
    }
    look()
    this.#timer = setInterval(look, LOOK_EVERY_MS).unref()
  }

  /** Ends what runs. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#stopping.abort()
    await Promise.all(this.#pending)
  }

  /** Work on one case that nothing else may come between. */
  async alone<Result>(caseId: CaseId, work: () => Promise<Result>): Promise<Result> {
    return await this.#turns.run(caseId, work)
  }

  /** The first score of a case, kept in the vault; it is in no book yet. */
  async open(book: CaseBook, unscored: Unscored): Promise<HeldCase> {
    const { facts, added } = await this.material(book, unscored)
    const nowS = this.#options.clock.nowS()
    const { urgency, outOfScope, changesAtS } = scoreCase({ ...unscored, facts, added, heard: undefined, nowS })
    const scored = { urgency: asKept(urgency), outOfScope, revision: 1 }
    const file: CaseFile = { ...unscored, ...scored, decisions: [], history: [], model: null }
    await this.#options.vault.put(book.tenant.organisation, 'scores', fileKey(file.case), file)
    return { file, status: 'waiting', changesAtS }
  }

  /** Everything that a case is scored from. */
  async material(book: CaseBook, file: Pick<CaseFile, 'case' | 'record'>): Promise<{ facts: RecordFacts; added: Added }> {
    const { organisation, slug } = book.tenant
    const [facts, added] = await Promise.all([
      readRecordFacts(this.#options.records, slug, file.record, this.#options.clock.nowS()),
      this.#options.entries.read(organisation, file.case),
    ])
    return { facts, added }
  }

  /** Scores a case again; keeps and tells it only when it is another score, or has other evidence. Only within `alone`. */
  async rescore(book: CaseBook, held: HeldCase, heardNow?: ModelMemory): Promise<void> {
    const before = held.file
    const { facts, added } = await this.material(book, before)
    const nowS = this.#options.clock.nowS()
    const model = heardNow ?? this.#modelAfter(before.model, added.notes.length, nowS)
    const { urgency, outOfScope, changesAtS } = scoreCase({ ...before, facts, added, heard: model?.heard ?? undefined, nowS })
    const now = asKept(urgency)
    const isSame = isDeepStrictEqual({ ...before.urgency, scoredAtS: nowS }, now) && before.outOfScope === outOfScope
    if (!isSame || !isDeepStrictEqual(before.model, model)) {
      const revision = isSame ? before.revision : before.revision + 1
      await this.#options.books.save(book, { ...before, urgency: now, outOfScope, revision, history: historyOf(before, now), model })
    }
    held.changesAtS = changesAtS
  }

  /** Scores all cases of a book again whose score may have changed. One that fails is left for the next look. */
  async lookAt(book: CaseBook): Promise<void> {
    const nowS = this.#options.clock.nowS()
    for (const held of book.cases.values()) {
      if (this.#stopping.signal.aborted) return
      if (held.status === 'done') continue
      if (held.changesAtS <= nowS) await this.#attempt(held, () => this.rescore(book, held))
      if (isModelDue(held.file.model, nowS)) this.askModel(book, held)
    }
  }

  /** A record was uploaded again: its cases are scored anew, in the background. */
  recordChanged(organisation: CaseBook['tenant']['organisation'], record: RecordId): void {
    this.#inBackground(async () => {
      const book = await this.#options.books.open(organisation)
      for (const held of book.cases.values()) {
        if (held.file.record !== record || held.status === 'done') continue
        held.changesAtS = 0
        await this.#attempt(held, () => this.rescore(book, held))
      }
    })
  }

  /** Asks the model about a case's notes, one case after the other, and scores the case again with what it said. */
  askModel(book: CaseBook, held: HeldCase): void {
    const { model } = this.#options
    const { case: caseId } = held.file
    if (model === undefined || this.#asked.has(caseId)) return
    this.#asked.add(caseId)
    this.#inBackground(async () => {
      await this.#turns.run('model', async () => {
        // Notes that come from now on have to ask again themselves.
        this.#asked.delete(caseId)
        const { signal } = this.#stopping
        if (signal.aborted) return
        const { notes } = await this.#options.entries.read(book.tenant.organisation, caseId)
        if (notes.length === 0) return
        const heard = await hearModel(model, notes, { before: held.file.model, atS: this.#options.clock.nowS(), signal })
        await this.alone(caseId, () => this.rescore(book, held, heard))
      })
    })
  }

  /** Notes that the model has not read yet are to be read; without a model, what it once said stays. */
  #modelAfter(before: ModelMemory | null, notes: number, nowS: number): ModelMemory | null {
    if (this.#options.model === undefined || notes === 0 || before?.ofNotes === notes) return before
    return askAgain(before, notes, nowS)
  }

  async #attempt(held: HeldCase, work: () => Promise<void>): Promise<void> {
    try {
      await this.alone(held.file.case, work)
    } catch (failure) {
      this.#complain({ event: 'case.not-scored', case: held.file.case }, failure)
    }
  }

  /** That the circle is away is told once, by who watches it. */
  #complain(about: { readonly event: string; readonly case?: CaseId }, failure: unknown): void {
    if (this.#stopping.signal.aborted || failure instanceof ContextUnavailableError) return
    this.#options.log.warn({ ...about, cause: framesOf(failure) }, 'looked at again later')
  }

  #inBackground(work: () => Promise<void>): void {
    const running = work().catch((failure: unknown) => this.#complain({ event: 'cases.not-looked-at' }, failure))
    this.#pending.add(running)
    void running.then(() => this.#pending.delete(running))
  }
}

/** A score in the form in which it comes back from the vault, so that two can be compared. */
function asKept(urgency: UrgencyScore): CaseFile['urgency'] {
  return urgencyScoreSchema.parse(JSON.parse(JSON.stringify(urgency)))
}

function isModelDue(model: ModelMemory | null, nowS: number): boolean {
  if (model?.state === 'asking') return true
  return model?.state === 'failed' && (model.atS ?? 0) <= nowS - MODEL_AGAIN_S
}

/** What was in force before stays on record, when the number or the rules are other ones. */
function historyOf({ history, urgency: before }: CaseFile, now: CaseFile['urgency']): CaseFile['history'] {
  if (before.score === now.score && before.floor === now.floor && before.version === now.version) return history
  const { scoredAtS, version, score, floor } = before
  return [...history, { scoredAtS, version, score, floor }].slice(-MAX_HISTORY)
}
