import type { RoundSummary } from '@medsync/protocol'
import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { countOf } from '../../ui/format/countOf.ts'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { useOrganisationName } from '../network/useNetwork.ts'
import { questionWords } from '../statistics/questionWords.ts'
import styles from './RoundRow.module.css'
import { KIND_WORDS, roundSlug, STATE_WORDS, stepWords, timeLeftWords } from './roundWords.ts'
import { roundQuery } from './useRounds.ts'

/** One round of the list: what it is, who opened it, where it stands. */
export function RoundRow({ round }: { readonly round: RoundSummary }): JSX.Element {
  const nameOf = useOrganisationName()
  const nowS = useNowS(1_000)
  const detail = useQuery(roundQuery(round.round))
  const question = detail.data?.question ?? null
  const [words, tone] = STATE_WORDS[round.state]
  const left = round.state === 'opened' ? timeLeftWords(round.deadlineS, nowS) : undefined
  return (
    <li className={styles.row} data-round={round.round} data-state={round.state}>
      <p className={styles.title}>
        <TextLink to={`/hospital/rounds/${encodeURIComponent(round.round)}`}>
          {question === null ? `${KIND_WORDS[round.kind]} ${roundSlug(round.round)}` : questionWords(question)}
        </TextLink>
      </p>
      <StatusPill tone={tone}>{words}</StatusPill>
      <p className={styles.note}>
        {round.openedBy === null ? 'Opened by an unknown member' : `Opened by ${nameOf(round.openedBy)}`},{' '}
        {countOf(round.parties.length, 'hospital')}.
        {round.state === 'opened' && round.step !== null && ` Step “${stepWords(round.step)}”${left === undefined ? '' : `, ${left}`}.`}
        {round.state === 'aborted' && round.step !== null && ` It ended in step “${stepWords(round.step)}”.`}
      </p>
    </li>
  )
}
