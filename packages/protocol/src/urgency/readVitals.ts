import * as z from 'zod'
import { UrgencyError } from './errors.ts'
import { type Reading, type Refusal, readObservation } from './observation.ts'
import { PARAMETERS, type Parameter, type Quality, type Readings, type Span } from './vitals.ts'

/** A value that counts, and the observations it came from. */
export type Held<Q extends Quality = Quality> = {
  readonly value: Readings[Q]
  readonly sources: readonly string[]
  readonly atS: number
  /** False when it is older than the window, or when something newer was refused: then the value now may be any. */
  readonly isCurrent: boolean
}

/** A value that was not taken, by the observation that has it. */
export type Refused = { readonly quality: Quality; readonly source: string; readonly refusal: Refusal }

/** What the observations of one case say now. */
export type CaseVitals = {
  readonly held: { readonly [Q in Quality]?: Held<Q> }
  /** Parameters without any usable value in this episode. */ readonly missing: readonly Parameter[]
  /** Parameters whose last usable value is not current; it goes on counting. */ readonly outdated: readonly Parameter[]
  /** Values that were refused, newest first. */ readonly refused: readonly Refused[]
}

/** Times are seconds since 1970. */
export type CaseObservations = {
  /** FHIR R4 resources of one patient, in any order; those that are no observations are passed over. */
  readonly observations: readonly unknown[]
  /** When this episode of illness began: what is older says nothing about it. */ readonly episodeFromS: number
  readonly nowS: number
  /** How long a value is current; `WINDOW_S` unless told. */ readonly windowS?: number
}

/** NEWS2 asks for observations every 12 hours at the least (RCP 2017, chart 4: aggregate 0). */
export const WINDOW_S = 12 * 3_600
/** Clocks of devices may be ahead by this much. */
const CLOCK_SKEW_S = 300

/**
 * Finds what counts of each parameter: the newest usable value of the episode. It counts until a newer usable one replaces it; nothing that is
 * missing, outdated or refused ever takes it away. Of values of the same second the worst counts.
 * @throws {UrgencyError} The observations are of more than one patient.
 */
export function readVitals({ observations, episodeFromS, nowS, windowS = WINDOW_S }: CaseObservations): CaseVitals {
  if (new Set(observations.flatMap(subjectOf)).size > 1) throw new UrgencyError('urgency/two-patients')
  const readings = observations.flatMap(readObservation).map((reading) => refuseFuture(reading, nowS))
  const inEpisode = readings.filter(({ atS }) => atS === undefined || atS >= episodeFromS).sort(newestFirst)
  const held = Object.fromEntries(
    [...new Set(inEpisode.map(({ quality }) => quality))].flatMap((quality) => {
      const mine = inEpisode.filter((reading) => reading.quality === quality)
      const last = holdNewest(mine, nowS - windowS)
      return last === undefined ? [] : [[quality, last]]
    }),
  ) as CaseVitals['held']
  return {
    held,
    missing: PARAMETERS.filter((parameter) => held[parameter] === undefined),
    outdated: PARAMETERS.filter((parameter) => held[parameter]?.isCurrent === false),
    refused: inEpisode.flatMap((one) => ('refusal' in one ? [{ quality: one.quality, source: one.source, refusal: one.refusal }] : [])),
  }
}

/** The newest usable of these readings of one quality, which come newest first. */
function holdNewest(readings: readonly Reading[], currentFromS: number): Held | undefined {
  const place = readings.findIndex((reading) => 'value' in reading)
  const newest = readings[place]
  if (newest?.atS === undefined || !('value' in newest)) return undefined
  const { atS } = newest
  const together = readings.filter((reading) => 'value' in reading && reading.atS === atS)
  return {
    value: together.reduce<Readings[Quality]>((value, reading) => ('value' in reading ? worse(value, reading.value) : value), newest.value),
    sources: [...new Set(together.map(({ source }) => source))].sort(),
    atS,
    isCurrent: place === 0 && atS >= currentFromS,
  }
}

/** Both of two values at once: points are taken of the worst that a span may be, and of anything but "alert" and "air". */
function worse(one: Readings[Quality], other: Readings[Quality]): Readings[Quality] {
  if (typeof one === 'object' && typeof other === 'object') return join(one, other)
  if (typeof one === 'boolean') return one || other
  return one === 'alert' ? other : one
}

const join = (one: Span, other: Span): Span => ({ from: Math.min(one.from, other.from), to: Math.max(one.to, other.to) })

function refuseFuture(reading: Reading, nowS: number): Reading {
  const { source, atS, quality } = reading
  return atS !== undefined && atS > nowS + CLOCK_SKEW_S ? { source, atS, quality, refusal: 'in-future' } : reading
}

/** What has no time may be the newest. At the same second what was refused comes first, so that it is known of; then by id. */
function newestFirst(one: Reading, other: Reading): number {
  const byTime = (other.atS ?? Infinity) - (one.atS ?? Infinity)
  if (byTime !== 0 && !Number.isNaN(byTime)) return byTime
  const byRefusal = Number('value' in one) - Number('value' in other)
  return byRefusal !== 0 ? byRefusal : one.source < other.source ? -1 : 1
}

const subjectSchema = z.object({ resourceType: z.literal('Observation'), subject: z.object({ reference: z.string() }) })

function subjectOf(resource: unknown): string[] {
  const parsed = subjectSchema.safeParse(resource)
  return parsed.success ? [parsed.data.subject.reference] : []
}
