import type { BoardCase } from '@medsync/protocol'
import { countOf } from '../../ui/format/countOf.ts'

/** Cases with what is to be done about them. */
export type PlaceGroup = { readonly kind: 'offered' | 'without' | 'accepted'; readonly title: string; readonly cases: readonly BoardCase[] }

/** Sorts cases by what is to be done about them; each group keeps the order of urgency, and empty ones are left out. */
export function placeGroupsOf(cases: readonly BoardCase[]): PlaceGroup[] {
  const offered = cases.filter(({ state }) => state === 'offered')
  const accepted = cases.filter(({ state }) => state === 'accepted')
  const without = cases.filter(({ state }) => state !== 'offered' && state !== 'accepted')
  const groups: PlaceGroup[] = [
    { kind: 'offered', title: `${countOf(offered.length, 'offer waits', 'offers wait')} for your answer`, cases: offered },
    { kind: 'without', title: `${countOf(without.length, 'case')} without a place`, cases: without },
    { kind: 'accepted', title: `${countOf(accepted.length, 'place')} accepted`, cases: accepted },
  ]
  return groups.filter((group) => group.cases.length > 0)
}
