import type { Verdict } from './verdict.ts'

/** From `fromMs` until before `toMs`, milliseconds since 1970; either may be infinite. */
export type Span = { readonly fromMs: number; readonly toMs: number }

/** Something that began at some moment of `start` and ended at some moment of `end`. */
export type Extent = { readonly start: Span; readonly end: Span }

/** A length of time as people say it. */
export type Length = { readonly count: number; readonly unit: 'a' | 'mo' | 'wk' | 'd' }

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}))?)?)?$/
const DAY_MS = 86_400_000
const DAYS_A_WEEK = 7

/**
 * What a FHIR date, dateTime or instant may mean: a year is any moment of it. What has no zone is taken as UTC. Undefined for anything else, also for
 * days that no calendar has.
 * @example
 * spanOf('2024-02') // all of February 2024
 */
export function spanOf(text: unknown): Span | undefined {
  const match = typeof text === 'string' ? DATE.exec(text) : null
  if (match === null) return undefined
  const [, year = '', month = '01', day = '01', time] = match
  const fromMs = Date.parse(`${year}-${month}-${day}T00:00:00Z`)
  if (Number.isNaN(fromMs) || new Date(fromMs).getUTCDate() !== Number(day)) return undefined
  if (time !== undefined) return momentOf(Date.parse(String(text)))
  if (match[3] !== undefined) return { fromMs, toMs: fromMs + DAY_MS }
  return { fromMs, toMs: match[2] === undefined ? Date.UTC(Number(year) + 1, 0) : Date.UTC(Number(year), Number(month)) }
}

const momentOf = (fromMs: number): Span | undefined => (Number.isNaN(fromMs) ? undefined : { fromMs, toMs: fromMs + 1 })

/** A day, `2026-11-21`, UTC. Undefined for what is no whole day. */
export function dayOf(text: string): Span | undefined {
  const span = spanOf(text)
  return span !== undefined && span.toMs - span.fromMs === DAY_MS ? span : undefined
}

/** Whether something lasted into a span of time, as far as its dates tell. */
export function reaches({ start, end }: Extent, window: Span): Verdict {
  if (start.fromMs >= window.toMs || end.toMs <= window.fromMs) return 'not-met'
  return start.toMs <= window.toMs && end.fromMs >= window.fromMs ? 'met' : 'unknown'
}

/**
 * The moment that lies so long before another one, by the calendar: a month before 31 March is the last day of February.
 * @param ms - Midnight UTC.
 */
export function before(ms: number, { count, unit }: Length): number {
  if (unit === 'd' || unit === 'wk') return ms - count * DAY_MS * (unit === 'wk' ? DAYS_A_WEEK : 1)
  return addMonths(ms, unit === 'a' ? -12 * count : -count)
}

/** Whole years, months, weeks or days between two midnights, as birthdays are counted: who was born on 29 February comes of age on 1 March. */
export function completed(bornMs: number, onMs: number, unit: Length['unit']): number {
  if (unit === 'd' || unit === 'wk') return Math.floor((onMs - bornMs) / DAY_MS / (unit === 'wk' ? DAYS_A_WEEK : 1))
  const [born, on] = [new Date(bornMs), new Date(onMs)]
  const calendar = (on.getUTCFullYear() - born.getUTCFullYear()) * 12 + on.getUTCMonth() - born.getUTCMonth()
  const months = on.getUTCDate() < born.getUTCDate() ? calendar - 1 : calendar
  return unit === 'mo' ? months : Math.floor(months / 12)
}

function addMonths(ms: number, months: number): number {
  const date = new Date(ms)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay))
}
