import type { RoundSummary } from '@medsync/protocol'
import type { JSX } from 'react'
import { countOf } from '../../ui/format/countOf.ts'
import { Moment } from '../../ui/Moment.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { useOrganisationName } from '../network/useNetwork.ts'
import styles from './RoundRow.module.css'
import { STATE_WORDS, stepWords, timeLeftWords, titleOf } from './roundWords.ts'

/** One round of the list: what it is, who opened it, where it stands. */
export function RoundRow({ round }: { readonly round: RoundSummary }): JSX.Element {
  const nameOf = useOrganisationName()
  const nowS = useNowS(1_000)
  const [words, tone] = STATE_WORDS[round.state]
  const left = round.state === 'opened' ? timeLeftWords(round.deadlineS, nowS) : undefined
  return (
    <li className={styles.row} data-round={round.round} data-state={round.state}>
      <p className={styles.title}>
        <TextLink to={`/hospital/rounds/${encodeURIComponent(round.round)}`}>{titleOf(round)}</TextLink>
      </p>
      <StatusPill tone={tone}>{words}</StatusPill>
      <p className={styles.note}>
        {round.openedBy === null ? 'Opened by an unknown member' : `Opened by ${nameOf(round.openedBy)}`},{' '}
        {countOf(round.parties.length, 'hospital')}
        {round.asOfS !== null && (
          <>
            , as of <Moment timeS={round.asOfS} />
          </>
        )}
        .{round.state === 'opened' && round.step !== null && ` Step “${stepWords(round.step)}”${left === undefined ? '' : `, ${left}`}.`}
        {round.state === 'aborted' && round.step !== null && ` It ended in step “${stepWords(round.step)}”.`}
      </p>
    </li>
  )
}
