/** A span of time, seconds since 1970: from `fromS` until before `toS`. */
export type Span = { readonly fromS: number; readonly toS: number }

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T.+)?)?)?$/

/**
 * The span that a FHIR date, dateTime or instant means: a year is the whole year. Dates without a zone are taken as UTC. Undefined for anything else.
 * @example
 * fhirDate('2024-02') // { fromS: 1706745600, toS: 1709251200 }
 */
export function fhirDate(text: unknown): Span | undefined {
  const match = typeof text === 'string' ? DATE.exec(text) : null
  if (match === null) return undefined
  const [, year = '', month, day, time] = match
  if (time !== undefined) return spanOf(Date.parse(String(text)), 1_000)
  if (day !== undefined) return spanOf(Date.parse(`${year}-${month}-${day}T00:00:00Z`), 86_400_000)
  const start = Date.UTC(Number(year), month === undefined ? 0 : Number(month) - 1)
  const end = month === undefined ? Date.UTC(Number(year) + 1, 0) : Date.UTC(Number(year), Number(month))
  return spanOf(start, end - start)
}

const DAY = /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:T(?<time>[^T]{5,30}?)(?:Z|[+-]\d{2}:\d{2})?)?)?)?$/
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d{1,9})?)?$/

/** Whether a string is a FHIR date, dateTime, instant or time, and nothing else. @source FHIR R4, "Data Types", primitive types. */
export function isDateOrTime(text: string): boolean {
  const time = DAY.exec(text)
  if (time === null) return TIME.test(text)
  return time.groups?.['time'] === undefined || TIME.test(time.groups['time'])
}

/** The smallest span that holds both. */
export function joinSpans(one: Span, other: Span | undefined): Span {
  return other === undefined ? one : { fromS: Math.min(one.fromS, other.fromS), toS: Math.max(one.toS, other.toS) }
}

function spanOf(startMs: number, lengthMs: number): Span | undefined {
  return Number.isNaN(startMs) ? undefined : { fromS: Math.floor(startMs / 1_000), toS: Math.ceil((startMs + lengthMs) / 1_000) }
}
