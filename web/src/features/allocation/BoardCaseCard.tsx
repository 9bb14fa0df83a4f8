import { Button, Title } from '@mantine/core'
import type { BoardCase } from '@medsync/protocol'
import { type JSX, useId, useState } from 'react'
import { Facts } from '../../ui/Facts.tsx'
import { ordinalOf } from '../../ui/format/ordinalOf.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import { specialtyWords } from '../cases/caseWords.ts'
import { useOrganisationName } from '../network/useNetwork.ts'
import { problemOf } from '../problem/problemOf.ts'
import styles from './Allocation.module.css'
import { MovingDialog } from './MovingDialog.tsx'
import { distanceWords, hoursWords, movingWords, PLACE_STATE_WORDS } from './placeWords.ts'
import { useAllocationDeed } from './useAllocation.ts'

/** One own case on the board: its place and why, what can be done with it, and what its patient agreed to. */
export function BoardCaseCard({ board }: { readonly board: BoardCase }): JSX.Element {
  const titleId = useId()
  const [isMoving, setIsMoving] = useState(false)
  const [words, tone] = PLACE_STATE_WORDS[board.state]
  return (
    <article className={styles.card} aria-labelledby={titleId} data-board={board.case} data-place={board.state}>
      <div className={styles.head}>
        <Title order={3} id={titleId}>
          <TextLink to={`/hospital/cases/${board.case}`}>{board.patient?.name ?? `Case ${board.pseudonym.slice(0, 6)}`}</TextLink>
        </Title>
        <StatusPill tone={tone}>{words}</StatusPill>
      </div>
      <Facts
        rows={[
          ['Needs', `${specialtyWords(board.specialty)}${board.rank === null ? '' : `, ${ordinalOf(board.rank)} of all hospitals`}`],
          board.place !== null && ['Place', <Place key="place" place={board.place} />],
          ['Patient', movingWords(board.moving)],
        ]}
      />
      {board.reasons.length > 0 && (
        <details className={styles.reasons} open={board.state === 'no-place'}>
          <summary>{board.state === 'no-place' ? 'Why there is no place' : 'Why this place'}</summary>
          <ul>
            {[...new Set(board.reasons)].map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </details>
      )}
      <Deeds board={board} onMoving={() => setIsMoving(true)} />
      {isMoving && <MovingDialog board={board} onClose={() => setIsMoving(false)} />}
    </article>
  )
}

function Place({ place }: { readonly place: NonNullable<BoardCase['place']> }): JSX.Element {
  const nameOf = useOrganisationName()
  const hospital = nameOf(place.organisation)
  const hours = hoursWords(place.fromS, place.toS)
  if (place.facility === null) return <>{`Somebody of ${hospital}, which does not say at the moment who and where; ${hours}`}</>
  return (
    <>
      <strong>{place.specialistName}</strong>
      {`, ${place.facilityName} (${hospital}), ${distanceWords(place.distanceKm)}; ${hours}`}
    </>
  )
}

function Deeds({
  board: { case: caseId, place, state },
  onMoving,
}: {
  readonly board: BoardCase
  readonly onMoving: () => void
}): JSX.Element {
  const deed = useAllocationDeed()
  const offer = place === null ? undefined : { specialist: place.specialist, fromS: place.fromS }
  const act = (what: 'acceptance' | 'decline' | 'release'): void =>
    deed.mutate({
      path: `/hospital/cases/${caseId}/offer/${what}`,
      method: 'POST',
      ...(what === 'release' || offer === undefined ? {} : { body: offer }),
    })
  return (
    <>
      <div className={styles.buttons}>
        {state === 'offered' && (
          <>
            <Button loading={deed.isPending} onClick={() => act('acceptance')}>
              Accept the place
            </Button>
            <Button variant="default" loading={deed.isPending} onClick={() => act('decline')}>
              Decline
            </Button>
          </>
        )}
        {state === 'accepted' && (
          <Button variant="default" loading={deed.isPending} onClick={() => act('release')}>
            Give the place back
          </Button>
        )}
        {state !== 'accepted' && (
          <Button variant="default" onClick={onMoving}>
            Change what the patient agreed to
          </Button>
        )}
      </div>
      {deed.isError && <ProblemNotice problem={problemOf(deed.error)} />}
    </>
  )
}
