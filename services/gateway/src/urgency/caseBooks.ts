import { ContextUnavailableError } from '@medsync/context'
import {
  type CaseId,
  type CaseRank,
  type CaseRanking,
  type CaseStatus,
  caseRankingSchema,
  type OrganisationId,
  type RecordId,
} from '@medsync/protocol'
import type { Logger } from 'pino'
import * as z from 'zod'
import type { EventHub } from '../events/eventHub.ts'
import { framesOf } from '../http/framesOf.ts'
import type { Tenant, Tenants } from '../tenants/tenants.ts'
import { type CaseFile, caseFileSchema, countingScore, FILES, fileKey } from './caseFile.ts'
import type { CaseRow, CaseRows } from './caseRows.ts'
import type { CaseVault } from './caseVault.ts'
import type { Ranking } from './rankedCases.ts'

/** How many files are asked for at the same time. */
const AT_ONCE = 16
const RANKS = 'ranks'
const ranks = z.record(z.string(), z.number().int().min(1))
const ranksSchema = caseRankingSchema.omit({ changed: true, unranked: true }).extend({
  ranks,
  /** Those of the ranking before. */ before: ranks.default({}),
  /** What the cases were ranked by. */ scores: z.record(z.string(), z.number().int()).default({}),
})

/** A case as it is held in memory: what the vault and the database say of it. */
export type HeldCase = {
  file: CaseFile
  status: CaseStatus
  /** From when on time alone may change the score; it is looked at again then. */
  changesAtS: number
}

/** The cases of one hospital. */
export type CaseBook = {
  readonly tenant: Tenant
  readonly cases: Map<CaseId, HeldCase>
  /** Cases of which the vault has nothing, and that are not done. */
  readonly lost: Map<CaseId, RecordId>
  /** Being opened, or left behind half opened: in the vault perhaps, and in no row yet. */
  readonly unsettled: Set<CaseId>
  ranks: z.output<typeof ranksSchema> | undefined
  /** What was told to the ranking that was joined last, by case. */
  told: ReadonlyMap<string, number>
}

/** What books are made from. */
export type CaseBooksOptions = {
  readonly vault: CaseVault
  readonly rows: CaseRows
  readonly tenants: Tenants
  readonly events: EventHub
  readonly log: Logger
}

/**
 * The books of the hospitals served here: read from vault and database when first needed, then kept in memory and in step with both. The vault is what is true of a case: one
 * that stands there without a row (a crash between the two, a database of yesterday) gets its row again, as waiting.
 */
export class CaseBooks {
  readonly #options: CaseBooksOptions
  readonly #books = new Map<OrganisationId, Promise<CaseBook>>()

  constructor(options: CaseBooksOptions) {
    this.#options = options
  }

  /**
   * The book of a hospital.
   * @throws {ContextUnavailableError} Its vault cannot be reached; the next call tries again. @throws {NotFoundError} It is not served here.
   */
  async open(organisation: OrganisationId): Promise<CaseBook> {
    const known = this.#books.get(organisation)
    if (known !== undefined) return await known
    const opening = this.#read(this.#options.tenants.of(organisation))
    this.#books.set(organisation, opening)
    opening.catch(() => this.#books.delete(organisation))
    return await opening
  }

  /** Books that are open now. */
  async opened(): Promise<CaseBook[]> {
    const settled = await Promise.allSettled(this.#books.values())
    return settled.flatMap((book) => (book.status === 'fulfilled' ? [book.value] : []))
  }

  /** Keeps a file, then tells the hospital's staff. */
  async save({ tenant, cases }: CaseBook, file: CaseFile): Promise<void> {
    await this.#options.vault.put(tenant.organisation, 'scores', fileKey(file.case), file)
    const held = cases.get(file.case)
    if (held === undefined) return
    held.file = file
    this.tell(tenant, file.case)
  }

  /** Tells the hospital's staff that a case has changed: its id, and nothing else. */
  tell({ organisation }: Tenant, caseId: CaseId): void {
    this.#options.events.publish({ audience: { organisation }, event: { type: 'case.changed', case: caseId } })
  }

  /** Keeps the last ranking, and where the cases stood in the one before. The same one again changes nothing. */
  async saveRanks(book: CaseBook, { round, total, ranks }: Ranking, rankedAtS: number): Promise<void> {
    if (book.ranks?.round === round) return
    const own = Object.fromEntries([...ranks].filter(([id]) => book.cases.has(id as CaseId)))
    const scores = Object.fromEntries(Object.keys(own).flatMap((id) => scoreTold(book, id)))
    const kept = { round, total, rankedAtS, ranks: own, before: book.ranks?.ranks ?? {}, scores }
    await this.#options.vault.put(book.tenant.organisation, 'scores', RANKS, kept)
    book.ranks = kept
    const event = { type: 'case.ranked' as const, round }
    this.#options.events.publish({ audience: { organisation: book.tenant.organisation }, event })
  }

  /** Takes up what stands in the vault or the database and not in the book. */
  async refresh(book: CaseBook): Promise<void> {
    const { vault, rows } = this.#options
    const { organisation, slug } = book.tenant
    const [known, keys] = await Promise.all([rows.all(slug), vault.keys(organisation, 'scores', FILES)])
    const byCase = new Map(known.map((row) => [row.case, row]))
    const kept = new Set(keys.map((key) => key.slice(FILES.length)))
    for (const row of known) if (!kept.has(row.case)) this.#miss(book, row)
    const missing = [...kept].filter((id) => !book.cases.has(id as CaseId))
    for (let from = 0; from < missing.length; from += AT_ONCE) {
      await Promise.all(missing.slice(from, from + AT_ONCE).map((id) => this.#take(book, id, byCase)))
    }
  }

  async #read(tenant: Tenant): Promise<CaseBook> {
    const book: CaseBook = { tenant, cases: new Map(), lost: new Map(), unsettled: new Set(), ranks: undefined, told: new Map() }
    book.ranks = await this.#readable(tenant, RANKS, ranksSchema)
    await this.refresh(book)
    return book
  }

  async #take(book: CaseBook, id: string, rows: ReadonlyMap<CaseId, CaseRow>): Promise<void> {
    const { slug } = book.tenant
    const file = await this.#readable(book.tenant, fileKey(id), caseFileSchema)
    if (file === undefined) return void this.#miss(book, rows.get(id as CaseId))
    if (book.cases.has(file.case)) return
    const row = rows.get(file.case)
    if (row === undefined) {
      await this.#options.rows.insert(slug, file, { status: 'waiting', by: file.createdBy, atS: file.createdAtS })
    }
    // Not scored by this process yet, so due at once.
    book.cases.set(file.case, { file, status: row?.status ?? 'waiting', changesAtS: 0 })
  }

  /** What the vault has under a key; undefined when that cannot be read, which must not keep the rest from being read. */
  async #readable<T>({ organisation, slug }: Tenant, key: string, shape: z.ZodType<T>): Promise<T | undefined> {
    try {
      return await this.#options.vault.get(organisation, 'scores', key, shape)
    } catch (failure) {
      if (failure instanceof ContextUnavailableError) throw failure
      this.#options.log.error({ event: 'case.damaged', key, tenant: slug, cause: framesOf(failure) }, 'counts as lost')
      return undefined
    }
  }

  #miss(book: CaseBook, row: CaseRow | undefined): void {
    if (row !== undefined && row.status !== 'done') book.lost.set(row.case, row.record)
  }
}

/** Where a case stood in the last ranking. */
export function rankIn({ ranks: kept, cases }: CaseBook, caseId: CaseId): CaseRank | undefined {
  const rank = kept?.ranks[caseId]
  if (kept === undefined || rank === undefined) return undefined
  const { round, total, rankedAtS, before, scores } = kept
  const file = cases.get(caseId)?.file
  const hasChanged = file !== undefined && scores[caseId] !== undefined && countingScore(file).score !== scores[caseId]
  return { round, rank, total, rankedAtS, before: before[caseId] ?? null, hasChanged }
}

/** The last ranking that a hospital took part in, and how many of its waiting cases have changed since. */
export function rankingIn(book: CaseBook): CaseRanking | undefined {
  if (book.ranks === undefined) return undefined
  const { round, total, rankedAtS } = book.ranks
  const ranks = [...book.cases].filter(([, { status }]) => status === 'waiting').map(([id]) => rankIn(book, id))
  const unranked = ranks.filter((rank) => rank === undefined).length
  return { round, total, rankedAtS, unranked, changed: ranks.filter((rank) => rank?.hasChanged).length }
}

/** What the ranking was told; what counts now, when the gateway was started anew since. */
function scoreTold({ told, cases }: CaseBook, id: string): [string, number][] {
  const file = cases.get(id as CaseId)?.file
  const score = told.get(id) ?? (file === undefined ? undefined : countingScore(file).score)
  return score === undefined ? [] : [[id, score]]
}
