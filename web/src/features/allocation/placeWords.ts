import type { BoardCase } from '@medsync/protocol'
import type { StatusTone } from '../../ui/StatusPill.tsx'

/** Where a case stands with its place. */
export const PLACE_STATE_WORDS: Readonly<Record<BoardCase['state'], readonly [words: string, tone: StatusTone]>> = {
  'not-ranked': ['Not ranked yet', 'rest'],
  'no-facility': ['No facility yet', 'bad'],
  pending: ['In the next allocation', 'waiting'],
  offered: ['Offered', 'waiting'],
  'no-place': ['No place', 'bad'],
  accepted: ['Accepted', 'good'],
}

const km = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** A distance as the crow flies. */
export function distanceWords(distanceKm: number): string {
  if (distanceKm < 0.5) return 'here'
  return `${km.format(distanceKm)} km away`
}

/** What a patient agreed to about being moved. */
export function movingWords({ mayBeMoved, maxKm }: BoardCase['moving']): string {
  if (!mayBeMoved) return 'Has not agreed to be moved'
  return maxKm === null ? 'May be moved any distance' : `May be moved up to ${km.format(maxKm)} km`
}

/** A time from and to: the day once when both are of one. */
export function hoursWords(fromS: number, toS: number, locale?: string): string {
  const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
  return format.formatRange(fromS * 1000, toS * 1000)
}
