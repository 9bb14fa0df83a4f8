import type { OrganisationId } from '@medsync/protocol'
import { type Allocation, AllocationError, allocate, type HeldPlace, type Market, type WaitingCase } from '@medsync/protocol/allocation'
import { type Contribution, partsOf, placeIdOf } from './contribution.ts'

/** What each hospital contributed. */
export type Contributions = ReadonlyMap<OrganisationId, Contribution>

/** Contributions that cannot be of honest hospitals, and whose doing it is. */
export class MarketConflict extends AllocationError {
  readonly organisations: readonly OrganisationId[]

  constructor(
    code: 'allocation/same-rank' | 'allocation/twice' | 'allocation/false-contribution',
    organisations: readonly OrganisationId[],
  ) {
    super(code, organisations.join(', '))
    this.organisations = organisations
  }
}

/** One market of all contributions, with whose each case is. */
export type Merged = {
  readonly market: Market
  /** By pseudonym. */ readonly ownerOf: ReadonlyMap<string, OrganisationId>
  /** Names, by place id. */ readonly nameOf: ReadonlyMap<string, string>
  readonly allocation: Allocation
}

/**
 * Puts the contributions together and allocates. Whoever has the same contributions comes to the same.
 * @throws {MarketConflict} Two hospitals claim one rank or pseudonym, or one contradicts itself.
 */
export function mergeMarket(contributions: Contributions, nowS: number): Merged {
  const each = [...contributions].sort(([one], [other]) => (one < other ? -1 : 1))
  for (const [organisation, contribution] of each) checkAlone(organisation, contribution, nowS)
  const ranking = rankingOf(contributions)
  const refused = new Set(
    each.flatMap(([organisation, { refusals }]) => refusals.map((one) => `${one.pseudonym} ${placeIdOf(organisation, one.specialist)}`)),
  )
  const specialists = each.flatMap(([organisation, contribution]) => specialistsOf(organisation, contribution))
  const cases = each.flatMap(([organisation, contribution]) =>
    contribution.ranking === ranking ? casesOf(organisation, contribution, refused, specialists) : [],
  )
  const held = [
    ...new Map(
      each.flatMap(([organisation, contribution]) => heldBy(organisation, contribution, contributions)).map((one) => [one.pseudonym, one]),
    ).values(),
  ]
  const ownerOf = ownersOf(each)
  refuseSameRanks(cases, ownerOf)
  const facilities = each.flatMap(([organisation, contribution]) =>
    contribution.facilities.map(({ facility, latitude, longitude }) => ({ id: placeIdOf(organisation, facility), latitude, longitude })),
  )
  const market = { facilities, specialists, cases, held, nowS }
  return { market, ownerOf, nameOf: namesOf(each), allocation: allocate(market) }
}

/** The ranking that most cases were ranked in; those of an older one wait for their hospital to hear of it. */
function rankingOf(contributions: Contributions): string | null {
  const counts = new Map<string, number>()
  for (const { ranking, cases } of contributions.values())
    if (ranking !== null) counts.set(ranking, (counts.get(ranking) ?? 0) + cases.length)
  return [...counts].sort(([one, many], [other, more]) => more - many || (one < other ? 1 : -1))[0]?.[0] ?? null
}

/** What is wrong within one contribution is its hospital's doing alone. */
function checkAlone(organisation: OrganisationId, contribution: Contribution, nowS: number): void {
  try {
    const own = [[organisation, contribution]] as const
    const facilities = contribution.facilities.map(({ facility, latitude, longitude }) => ({
      id: placeIdOf(organisation, facility),
      latitude,
      longitude,
    }))
    allocate({
      facilities,
      specialists: specialistsOf(organisation, contribution),
      cases: casesOf(organisation, contribution, new Set(), []),
      held: contribution.held,
      nowS,
    })
    ownersOf(own)
  } catch (cause) {
    if (cause instanceof AllocationError) throw new MarketConflict('allocation/false-contribution', [organisation])
    throw cause
  }
}

function specialistsOf(organisation: OrganisationId, { specialists }: Contribution): Market['specialists'] {
  return specialists.map(({ specialist, facility, specialty, hours }) => ({
    id: placeIdOf(organisation, specialist),
    facility: placeIdOf(organisation, facility),
    specialty,
    hours,
  }))
}

function casesOf(
  organisation: OrganisationId,
  { cases }: Contribution,
  refused: ReadonlySet<string>,
  specialists: Market['specialists'],
): WaitingCase[] {
  return cases.map((one) => {
    const turnedAway = refused.size === 0 ? [] : specialists.flatMap(({ id }) => (refused.has(`${one.pseudonym} ${id}`) ? [id] : []))
    return { ...one, facility: placeIdOf(organisation, one.facility), declined: [...new Set([...one.declined, ...turnedAway])] }
  })
}

/** Own held places, and those of hospitals that are away, as whoever takes the case remembers them. */
function heldBy(organisation: OrganisationId, { held, taken }: Contribution, all: Contributions): HeldPlace[] {
  const remembered = taken.filter((one) => !all.has(one.organisation) && partsOf(one.specialist).organisation === organisation)
  return [...held, ...remembered.map(({ organisation: _, ...place }) => place)]
}

function ownersOf(each: readonly (readonly [OrganisationId, Contribution])[]): Map<string, OrganisationId> {
  const owners = new Map<string, OrganisationId>()
  for (const [organisation, { cases, held }] of each) {
    for (const { pseudonym } of [...cases, ...held]) {
      const other = owners.get(pseudonym)
      if (other !== undefined) throw new MarketConflict('allocation/twice', [...new Set([other, organisation])])
      owners.set(pseudonym, organisation)
    }
  }
  for (const [, { taken }] of each)
    for (const { pseudonym, organisation } of taken) if (!owners.has(pseudonym)) owners.set(pseudonym, organisation)
  return owners
}

/** One of the two does not say the rank that it was told; which one, only they know. */
function refuseSameRanks(cases: readonly WaitingCase[], ownerOf: ReadonlyMap<string, OrganisationId>): void {
  const byRank = new Map<number, string>()
  for (const { rank, pseudonym } of cases) {
    const other = byRank.get(rank)
    if (other !== undefined) {
      const both = [other, pseudonym].flatMap((each) => ownerOf.get(each) ?? [])
      throw new MarketConflict('allocation/same-rank', [...new Set(both)])
    }
    byRank.set(rank, pseudonym)
  }
}

function namesOf(each: readonly (readonly [OrganisationId, Contribution])[]): Map<string, string> {
  return new Map(
    each.flatMap(([organisation, { facilities, specialists }]) => [
      ...facilities.map(({ facility, name }): [string, string] => [placeIdOf(organisation, facility), name]),
      ...specialists.map(({ specialist, name }): [string, string] => [placeIdOf(organisation, specialist), name]),
    ]),
  )
}
