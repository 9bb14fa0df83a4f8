const MINUTE_S = 60
const HOUR_S = 60 * MINUTE_S
const DAY_S = 24 * HOUR_S
/** The last moment that a `Date` can be. */
const LAST_MS = 8.64e15

/** A time for `Date` and `Intl`, milliseconds; what lies beyond their last moment is that moment, for they fail on anything later. */
export function dateMs(timeS: number): number {
  return Math.max(-LAST_MS, Math.min(LAST_MS, timeS * 1000))
}

/** A day in the reader's locale, e.g. `20 Nov 2026`. */
export function formatDay(timeS: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }).format(dateMs(timeS))
}

/** A day and time in the reader's locale and zone. */
export function formatMoment(timeS: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }).format(
    dateMs(timeS),
  )
}

/** A time of day in the reader's locale and zone, with the day unless that is today, e.g. `14:02` or `19 Nov, 14:02`. */
export function formatTimeOfDay(timeS: number, nowS: number, locale?: string): string {
  const clock = { hour: '2-digit', minute: '2-digit' } as const
  const isToday = formatDay(timeS) === formatDay(nowS)
  return new Intl.DateTimeFormat(locale, isToday ? clock : { day: 'numeric', month: 'short', ...clock }).format(dateMs(timeS))
}

const distance = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/**
 * How far a time is from now, in the largest unit that fits; in English, as the sentences around it are.
 * @example
 * formatDistance(1000, 1090) // '1 minute ago'
 */
export function formatDistance(timeS: number, nowS: number): string {
  const distanceS = timeS - nowS
  const sizeS = Math.abs(distanceS)
  if (sizeS < MINUTE_S) return 'just now'
  if (sizeS < HOUR_S) return distance.format(Math.trunc(distanceS / MINUTE_S), 'minute')
  if (sizeS < 2 * DAY_S) return distance.format(Math.trunc(distanceS / HOUR_S), 'hour')
  if (sizeS < 60 * DAY_S) return distance.format(Math.trunc(distanceS / DAY_S), 'day')
  if (sizeS < 730 * DAY_S) return distance.format(Math.trunc(distanceS / (30.44 * DAY_S)), 'month')
  return distance.format(Math.trunc(distanceS / (365.25 * DAY_S)), 'year')
}

/** Seconds since 1970 of the start of a day that a date input gives (`2026-11-20`), in the reader's zone; undefined when there is none. */
export function dayToS(day: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (match === null) return undefined
  const [year, month, date] = match.slice(1).map(Number) as [number, number, number]
  const time = new Date(year, month - 1, date)
  const exists = time.getFullYear() === year && time.getMonth() === month - 1 && time.getDate() === date
  return exists ? Math.floor(time.getTime() / 1000) : undefined
}

/** The value of a date input for a time, in the reader's zone; empty for 0. */
export function sToDay(timeS: number): string {
  if (timeS === 0) return ''
  const time = new Date(dateMs(timeS))
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}
