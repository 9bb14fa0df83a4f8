import {
  type AllocationBoard,
  type BoardCase,
  type CaseId,
  type OrganisationId,
  organisationIdSchema,
  type PlaceView,
} from '@medsync/protocol'
import { type Allocated, type Explanation, explainer, explanationLines, type HeldPlace } from '@medsync/protocol/allocation'
import type { Doubt } from './allocationRound.ts'
import type { CaseMove } from './caseMoves.ts'
import { partsOf } from './contribution.ts'
import type { RankedCase } from './rankedCases.ts'
import type { Standing } from './seatAllocation.ts'
import type { Offered } from './supply.ts'

const MAX_REASONS = 12

/** What a board is made from. */
export type BoardParts = {
  readonly organisation: OrganisationId
  readonly standing: Standing | undefined
  readonly doubt: Doubt | undefined
  readonly isRunning: boolean
  readonly offered: Offered
  readonly known: ReadonlyMap<CaseId, CaseMove>
  readonly cases: readonly RankedCase[]
  pseudonymOf(caseId: CaseId): string
}

/** A board that names no patient yet. */
export type Board = Omit<AllocationBoard, 'cases'> & { readonly cases: Omit<BoardCase, 'patient'>[] }

/** How things stand for one hospital: its own cases with their reasons, and whom its specialists see. */
export function boardOf(parts: BoardParts): Board {
  const { standing, doubt, isRunning, cases } = parts
  const explain = standing === undefined ? undefined : explainer(standing.merged.market, standing.merged.allocation)
  const views = cases.map((one) => caseViewOf(parts, one, explain))
  return {
    round: standing?.round ?? null,
    allocatedAtS: standing?.nowS ?? null,
    isRunning,
    doubt: doubt === undefined ? null : { code: doubt.code, organisations: [...doubt.organisations] },
    counted: [...(standing?.counted ?? [])],
    published: [...(standing?.published ?? [])],
    cases: views.sort((one, other) => (one.rank ?? Infinity) - (other.rank ?? Infinity) || (one.case < other.case ? -1 : 1)),
    incoming: incomingOf(parts),
  }
}

function caseViewOf(parts: BoardParts, one: RankedCase, explain: ((pseudonym: string) => Explanation) | undefined): Board['cases'][number] {
  const { standing, known, offered } = parts
  const pseudonym = parts.pseudonymOf(one.caseId)
  const move = known.get(one.caseId)
  const common = {
    case: one.caseId,
    record: one.record,
    pseudonym,
    rank: move?.held?.rank ?? one.rank?.rank ?? null,
    specialty: one.specialty,
    moving: move?.moving ?? { facility: null, mayBeMoved: false, maxKm: null },
  }
  if (move?.held != null) return { ...common, state: 'accepted', place: heldView(parts, move.held), reasons: [] }
  if (one.rank === null) return { ...common, state: 'not-ranked', place: null, reasons: [] }
  if (offered.facilities.length === 0) return { ...common, state: 'no-facility', place: null, reasons: [] }
  const given = standing?.merged.allocation.allocated.find((each) => each.pseudonym === pseudonym)
  const isIn = standing?.merged.market.cases.some((each) => each.pseudonym === pseudonym && each.rank === one.rank?.rank) ?? false
  if (standing === undefined || explain === undefined || !isIn) return { ...common, state: 'pending', place: null, reasons: [] }
  const reasons = firstOf(explanationLines(named(explain(pseudonym), standing)))
  if (given === undefined) return { ...common, state: 'no-place', place: null, reasons }
  const isDeclined = move?.declined.includes(given.place.specialist) ?? false
  if (isDeclined) return { ...common, state: 'pending', place: null, reasons: [] }
  return { ...common, state: 'offered', place: placeView(standing, given), reasons }
}

/** A case without a place has a reason for every one that there is. */
const firstOf = (lines: readonly string[]): string[] =>
  lines.length <= MAX_REASONS ? [...lines] : [...lines.slice(0, MAX_REASONS), `And ${lines.length - MAX_REASONS} more.`]

/** People read names; the ids of places are in `place`. */
function named(explanation: Explanation, { merged }: Standing): Explanation {
  const nameOf = (id: string) => merged.nameOf.get(id) ?? id
  const rename = <T extends { place: Allocated['place'] }>(one: T): T => ({
    ...one,
    place: { ...one.place, specialist: nameOf(one.place.specialist), facility: nameOf(one.place.facility) },
  })
  const { given, passedOver } = explanation
  return { ...explanation, given: given === undefined ? undefined : rename(given), passedOver: passedOver.map(rename) }
}

function placeView({ merged }: Standing, { place, distanceM }: Allocated): PlaceView {
  return {
    specialist: place.specialist,
    specialistName: merged.nameOf.get(place.specialist) ?? '',
    facility: place.facility,
    facilityName: merged.nameOf.get(place.facility) ?? '',
    organisation: organisationIdSchema.parse(partsOf(place.specialist).organisation),
    fromS: place.fromS,
    toS: place.toS,
    distanceKm: distanceM / 1_000,
  }
}

/** Distances are not known of what was accepted before: 0. */
function heldView({ standing }: BoardParts, held: NonNullable<CaseMove['held']>): PlaceView {
  const specialist = standing?.merged.market.specialists.find(({ id }) => id === held.specialist)
  const facility = specialist?.facility ?? null
  return {
    specialist: held.specialist,
    specialistName: standing?.merged.nameOf.get(held.specialist) ?? '',
    facility,
    facilityName: facility === null ? '' : (standing?.merged.nameOf.get(facility) ?? ''),
    organisation: organisationIdSchema.parse(partsOf(held.specialist).organisation),
    fromS: held.fromS,
    toS: held.toS,
    distanceKm: 0,
  }
}

function incomingOf({ organisation, standing }: BoardParts): AllocationBoard['incoming'] {
  if (standing === undefined) return []
  const { allocation, ownerOf } = standing.merged
  const all: (HeldPlace & { state: 'offered' | 'accepted' })[] = [
    ...allocation.held.map((one) => ({ ...one, state: 'accepted' as const })),
    ...allocation.allocated.map(({ pseudonym, rank, place }) => ({ pseudonym, rank, ...place, state: 'offered' as const })),
  ]
  return all.flatMap(({ pseudonym, rank, specialist, fromS, state }) => {
    const at = partsOf(specialist)
    const owner = ownerOf.get(pseudonym)
    return at.organisation !== organisation || owner === undefined
      ? []
      : [{ pseudonym, organisation: owner, rank, specialist: at.id, fromS, state }]
  })
}
