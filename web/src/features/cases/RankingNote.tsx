import { VisuallyHidden } from '@mantine/core'
import { type CaseRanking, roundIdSchema } from '@medsync/protocol'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ListOrdered } from 'lucide-react'
import { type JSX, useState } from 'react'
import { Explained } from '../../ui/Explained.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { formatTimeOfDay } from '../../ui/format/formatTime.ts'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { listWords } from '../consents/termsInWords.ts'
import { useOrganisationName } from '../network/useNetwork.ts'
import { plannedSteps } from '../rounds/contributionsOf.ts'
import { roundQuery, roundsQuery } from '../rounds/useRounds.ts'
import { useSession } from '../session/useSession.ts'
import styles from './RankingNote.module.css'

/** Of which moment the places of the board are, of which hospitals, and what has changed since; kept up to date by live events. */
export function RankingNote({ ranking }: { readonly ranking: CaseRanking | null }): JSX.Element | null {
  const latest = useInfiniteQuery(roundsQuery).data?.pages[0]?.items.find(({ kind }) => kind === 'ranking')
  const isRunning = latest?.state === 'opened'
  return (
    <>
      <RankedAgain ranking={ranking} />
      {isRunning && <Running round={latest.round} />}
      {!isRunning && latest?.state === 'aborted' && latest.round !== ranking?.round && (
        <Notice
          kind="warning"
          title="The last ranking was given up"
          action={<TextLink to={`/hospital/rounds/${encodeURIComponent(latest.round)}`}>See why</TextLink>}
        >
          {ranking === null ? 'No case has a place yet.' : 'The places here are those of the ranking before.'}
        </Notice>
      )}
      {ranking !== null && <LastRanking ranking={ranking} isRunning={isRunning} />}
    </>
  )
}

function LastRanking({ ranking, isRunning }: { readonly ranking: CaseRanking; readonly isRunning: boolean }): JSX.Element {
  const { total, rankedAtS, changed, unranked } = ranking
  const others = useOthers(ranking.round)
  const parts = [
    ...(changed > 0 ? [`the score of ${countOf(changed, 'case')} has changed`] : []),
    ...(unranked > 0 ? [`${countOf(unranked, 'case has', 'cases have')} been added`] : []),
  ]
  return (
    <div className={styles.note} data-ranking={ranking.round}>
      <ListOrdered size={20} aria-hidden="true" />
      <p>
        Ranked <Moment timeS={rankedAtS} as="distance" />
        {others !== undefined && others.length > 0 && ` with ${listWords(others)}`}: {countOf(total, 'case')} in all.{' '}
        {parts.length === 0 ? (
          'Nothing has changed here since.'
        ) : (
          <strong>{`Since then ${listWords(parts)}${isRunning ? '.' : ': rank again to see where your cases stand.'}`}</strong>
        )}{' '}
        <Explained word="Why places move">
          A case moves when its own score changes, and when others come, go or change. Equal scores are put in order by lot, anew in each
          ranking: a move of a few places may be no more than that.
        </Explained>
      </p>
    </div>
  )
}

function Running({ round }: { readonly round: string }): JSX.Element {
  const { data } = useQuery(roundQuery(round))
  const nameOf = useOrganisationName()
  const steps = data === undefined ? [] : plannedSteps(data)
  const place = steps.findIndex(({ name }) => name === data?.step) + 1
  return (
    <Notice
      title={place === 0 ? 'A ranking is under way' : `A ranking is under way: step ${place} of ${steps.length}`}
      action={<TextLink to={`/hospital/rounds/${encodeURIComponent(round)}`}>Who has contributed</TextLink>}
    >
      {data?.openedBy != null && `Opened by ${nameOf(data.openedBy)}. `}The places below change by themselves when it is done.
    </Notice>
  )
}

/** Says aloud that there is another ranking than the one that was on the page first. */
function RankedAgain({ ranking }: { readonly ranking: CaseRanking | null }): JSX.Element {
  const nowS = useNowS()
  const [first] = useState(ranking?.round)
  const isOther = ranking !== null && ranking.round !== first
  return (
    <VisuallyHidden role="status">
      {isOther && `Ranked again at ${formatTimeOfDay(ranking.rankedAtS, nowS)}: ${countOf(ranking.total, 'case')} of all hospitals.`}
    </VisuallyHidden>
  )
}

/** The other hospitals whose cases were in a ranking; undefined while that is not known. */
function useOthers(round: string): string[] | undefined {
  const { organisation } = useSession()
  const nameOf = useOrganisationName()
  const { data } = useQuery({ ...roundQuery(round), enabled: roundIdSchema.safeParse(round).success })
  if (data?.result?.kind !== 'ranking') return undefined
  return data.result.nonces.filter((one) => one.organisation !== organisation).map((one) => nameOf(one.organisation))
}
