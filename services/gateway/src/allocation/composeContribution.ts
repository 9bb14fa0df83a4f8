import { randomBytes } from 'node:crypto'
import type { CaseId, OrganisationId } from '@medsync/protocol'
import type { Tenant } from '../tenants/tenants.ts'
import type { CaseMove, CaseMoves } from './caseMoves.ts'
import { type Contribution, contributionSchema, partsOf } from './contribution.ts'
import type { Merged } from './mergeMarket.ts'
import type { RankedCase, RankedCases } from './rankedCases.ts'
import type { Offered, Supply } from './supply.ts'

/** What a hospital's contribution is made from. */
export type ContributionSources = { readonly supply: Supply; readonly moves: CaseMoves; readonly cases: RankedCases }

/**
 * What a hospital has to tell now: hours that have not begun, cases that wait and were ranked, places that it holds, and, from the allocation before, what others hold here.
 * @param current - The allocation that stands.
 */
export async function composeContribution(
  { supply, moves, cases }: ContributionSources,
  tenant: Tenant,
  { nowS, current }: { readonly nowS: number; readonly current: Merged | undefined },
): Promise<Contribution> {
  const [offered, known, own] = [await supply.all(tenant.slug), await moves.all(tenant.slug), await cases.all(tenant.organisation)]
  const ranked = [...own.values()].filter(({ caseId, status }) => status === 'waiting' && known.get(caseId)?.held == null)
  const pseudonymOf = (caseId: CaseId) => moves.pseudonymOf(tenant.slug, caseId)
  // As whoever opens it reads it, so that it can be compared with what comes back.
  return contributionSchema.parse({
    v: 1,
    ranking: ranked.find(({ rank }) => rank !== null)?.rank?.round ?? null,
    facilities: [...offered.facilities],
    specialists: offered.specialists.map((one) => ({ ...one, hours: one.hours.filter(({ fromS }) => fromS > nowS) })),
    cases: ranked
      .flatMap((one) => caseOf(one, known.get(one.caseId), offered, pseudonymOf(one.caseId)))
      .sort((one, other) => one.rank - other.rank),
    held: heldBy(own, known, { nowS, pseudonymOf }),
    refusals: [...offered.refusals],
    taken: takenFrom(tenant.organisation, current, nowS),
    salt: randomBytes(16).toString('hex'),
  })
}

/** Where a case is: where staff said, else at the hospital's first facility. */
export function facilityOf(move: CaseMove | undefined, { facilities }: Offered): string | undefined {
  const named = facilities.find(({ facility }) => facility === move?.moving.facility)
  return (named ?? facilities[0])?.facility
}

function caseOf(one: RankedCase, move: CaseMove | undefined, offered: Offered, pseudonym: string): Contribution['cases'] {
  const facility = facilityOf(move, offered)
  if (one.rank === null || facility === undefined) return []
  const { mayBeMoved = false, maxKm = null } = move?.moving ?? {}
  return [{ pseudonym, rank: one.rank.rank, specialty: one.specialty, facility, mayBeMoved, maxKm, declined: move?.declined ?? [] }]
}

function heldBy(
  own: ReadonlyMap<CaseId, RankedCase>,
  known: ReadonlyMap<CaseId, CaseMove>,
  { nowS, pseudonymOf }: { readonly nowS: number; pseudonymOf(caseId: CaseId): string },
): Contribution['held'] {
  const held = [...known].flatMap(([caseId, move]) => {
    const status = own.get(caseId)?.status
    if (move.held === null || move.held.fromS <= nowS || status === undefined || status === 'done') return []
    const { specialist, fromS, rank } = move.held
    return [{ pseudonym: pseudonymOf(caseId), rank, specialist, fromS }]
  })
  return held.sort((one, other) => (one.pseudonym < other.pseudonym ? -1 : 1))
}

function takenFrom(organisation: OrganisationId, current: Merged | undefined, nowS: number): Contribution['taken'] {
  return (current?.allocation.held ?? []).flatMap((one) => {
    const owner = current?.ownerOf.get(one.pseudonym)
    const isHere = partsOf(one.specialist).organisation === organisation && one.fromS > nowS
    return isHere && owner !== undefined && owner !== organisation ? [{ ...one, organisation: owner }] : []
  })
}
