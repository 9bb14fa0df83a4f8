import { type SpecialistView, specialistBodySchema } from '@medsync/protocol'
import type * as z from 'zod'
import { localMinute } from '../cases/vitalsDraft.ts'

/** A time of a specialist as its form holds it; `id` tells the rows apart. */
export type HoursDraft = { readonly id: number; readonly from: string; readonly to: string; readonly capacity: string }
/** A specialist as the form holds one. */
export type SpecialistDraft = {
  readonly name: string
  readonly facility: string
  readonly specialty: string
  readonly hours: readonly HoursDraft[]
}

const HOUR_MS = 3_600_000

/** What the form starts with: four hours, from the next full hour. */
export function newSpecialistDraft(facility: string, nowMs: number): SpecialistDraft {
  return { name: '', facility, specialty: 'emergency', hours: [nextHours([], nowMs)] }
}

/** A specialist that is there already. */
export function draftOf({ name, facility, specialty, hours }: SpecialistView): SpecialistDraft {
  const rows = hours.map(({ fromS, toS, capacity }, id) => ({
    id,
    from: localMinute(fromS * 1000),
    to: localMinute(toS * 1000),
    capacity: String(capacity),
  }))
  return { name, facility, specialty, hours: rows }
}

/** One more row: after the last one, or from the next full hour. */
export function nextHours(hours: readonly HoursDraft[], nowMs: number): HoursDraft {
  const lastMs = Math.max(
    ...hours.map(({ to }) => Date.parse(to)).filter((time) => !Number.isNaN(time)),
    Math.ceil(nowMs / HOUR_MS) * HOUR_MS,
  )
  const id = Math.max(-1, ...hours.map((each) => each.id)) + 1
  return { id, from: localMinute(lastMs), to: localMinute(lastMs + 4 * HOUR_MS), capacity: '2' }
}

/** What stands in the way; undefined when nothing does. */
export function problemOfSpecialist({ name, facility, hours }: SpecialistDraft): string | undefined {
  if (name.trim() === '') return 'Give a name: it is what the other hospitals see.'
  if (facility === '') return 'Choose a facility.'
  const read = hours.map(readHours)
  if (read.some(({ fromS, toS }) => Number.isNaN(fromS) || Number.isNaN(toS))) return 'Say from when to when.'
  if (read.some(({ fromS, toS }) => fromS >= toS)) return 'A time must end after it begins.'
  if (read.some(({ capacity }) => !(Number.isInteger(capacity) && capacity >= 1 && capacity <= 1_000)))
    return 'So many cases: a whole number from 1 to 1000.'
  const sorted = read.toSorted((one, other) => one.fromS - other.fromS)
  if (sorted.some(({ fromS }, index) => index > 0 && fromS < (sorted[index - 1]?.toS ?? 0))) return 'Two of the times overlap.'
  return undefined
}

/** What the gateway is told; call it only when `problemOfSpecialist` found nothing. */
export function specialistBodyOf({ name, facility, specialty, hours }: SpecialistDraft): z.output<typeof specialistBodySchema> {
  const read = hours.map(readHours).toSorted((one, other) => one.fromS - other.fromS)
  return specialistBodySchema.parse({ name: name.trim(), facility, specialty, hours: read })
}

function readHours({ from, to, capacity }: HoursDraft) {
  return {
    fromS: Math.floor(Date.parse(from) / 1000),
    toS: Math.floor(Date.parse(to) / 1000),
    capacity: capacity.trim() === '' ? Number.NaN : Number(capacity),
  }
}
