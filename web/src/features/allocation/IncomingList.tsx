import { Button } from '@mantine/core'
import type { AllocationBoard } from '@medsync/protocol'
import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { Moment } from '../../ui/Moment.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { useOrganisationName } from '../network/useNetwork.ts'
import { problemOf } from '../problem/problemOf.ts'
import styles from './Allocation.module.css'
import { specialistsQuery, useAllocationDeed } from './useAllocation.ts'

/** Cases of any hospital that have, or are offered, a place with an own specialist: by pseudonym and rank, never more. */
export function IncomingList({
  incoming,
  own,
}: Pick<AllocationBoard, 'incoming'> & { readonly own: AllocationBoard['cases'] }): JSX.Element {
  const nameOf = useOrganisationName()
  const specialists = useQuery(specialistsQuery)
  const deed = useAllocationDeed()
  return (
    <>
      <ul className={styles.rows} aria-label="Cases that come to your specialists">
        {incoming.map(({ pseudonym, organisation, rank, specialist, fromS, state }) => (
          <li key={`${pseudonym} ${specialist} ${fromS}`} className={styles.row} data-incoming={pseudonym}>
            <div>
              <p className={styles.title}>
                {specialists.data?.find((each) => each.specialist === specialist)?.name ?? 'A specialist of yours'}
              </p>
              <p className={styles.note}>
                {own.find((each) => each.pseudonym === pseudonym)?.patient?.name ?? `Case ${pseudonym.slice(0, 6)}`} of{' '}
                {nameOf(organisation)}, rank {rank}, from <Moment timeS={fromS} />
              </p>
            </div>
            <StatusPill tone={state === 'accepted' ? 'good' : 'waiting'}>{state === 'accepted' ? 'Accepted' : 'Offered'}</StatusPill>
            {state === 'offered' && (
              <Button
                size="compact-md"
                variant="default"
                loading={deed.isPending}
                onClick={() =>
                  deed.mutate({ path: '/hospital/allocation/incoming/decline', method: 'POST', body: { pseudonym, specialist } })
                }
              >
                Cannot take it
              </Button>
            )}
          </li>
        ))}
      </ul>
      {deed.isError && <ProblemNotice problem={problemOf(deed.error)} />}
    </>
  )
}
