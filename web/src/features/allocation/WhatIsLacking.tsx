import type { BoardCase } from '@medsync/protocol'
import type { JSX } from 'react'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Notice } from '../../ui/Notice.tsx'

/** What has to be done before cases can be offered places, with the way there. */
export function WhatIsLacking({ cases }: { readonly cases: readonly BoardCase[] }): JSX.Element | null {
  const unranked = cases.filter(({ state }) => state === 'not-ranked').length
  if (cases.some(({ state }) => state === 'no-facility')) return <NoFacility />
  if (unranked === 0) return null
  return (
    <Notice
      title={`${countOf(unranked, 'case is', 'cases are')} not ranked yet`}
      action={
        <ButtonLink variant="default" to="/hospital/cases">
          To the cases
        </ButtonLink>
      }
    >
      Rank with the other hospitals first: places are given in that order.
    </Notice>
  )
}

function NoFacility(): JSX.Element {
  const action = (
    <ButtonLink variant="default" to="/hospital/places/supply">
      Add a facility
    </ButtonLink>
  )
  return (
    <Notice kind="warning" title="Say where your hospital is" action={action}>
      Without a facility of yours no distance can be reckoned, so none of your cases is offered a place.
    </Notice>
  )
}
