import type { StudyView } from '@medsync/protocol'
import { type JSX, type ReactNode, useState } from 'react'
import { Amount } from '../../ui/Amount.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Moment } from '../../ui/Moment.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'
import type { Token } from '../network/useToken.ts'
import { TransactionButton } from '../transactions/TransactionButton.tsx'
import { TransactionStatus } from '../transactions/TransactionStatus.tsx'
import { useTransaction } from '../transactions/useTransaction.ts'
import { type Closing, closingOf } from './closingOf.ts'
import styles from './StudyCard.module.css'

/** Ends a study for good: says what comes back and what stands in the way, and closes it. */
export function CloseStudy({ study, token }: { readonly study: StudyView; readonly token: Token }): JSX.Element {
  const network = useNetwork()
  const transaction = useTransaction(`close:${study.study}`)
  const closing = closingOf(study, useNowS())
  const [isAsking, setIsAsking] = useState(false)
  const start = (): void =>
    void transaction.run(`Close study ${study.study}`, async () => (await loadChain()).closeStudyCalls(network, { study: study.study }))
  if (closing.obstacle !== undefined) {
    return (
      <p className={styles.note} data-closing={closing.obstacle}>
        <ObstacleWords study={study} obstacle={closing.obstacle} />
      </p>
    )
  }
  return (
    <div>
      <TransactionButton variant="default" state={transaction.state} pending="Closing…" onClick={() => setIsAsking(true)}>
        Close the study
      </TransactionButton>
      <TransactionStatus state={transaction.state} />
      <ConfirmDialog
        opened={isAsking}
        title={`Close study ${study.study} for good?`}
        confirm="Close it"
        onCancel={() => setIsAsking(false)}
        onConfirm={() => {
          setIsAsking(false)
          start()
        }}
      >
        <Facts rows={rowsOf(closing, study, token)} />
        <p>
          The funder’s part can be collected on this page afterwards. No more requests, and no more disputes that count against the bond.
        </p>
      </ConfirmDialog>
    </div>
  )
}

function rowsOf({ rest, bond, rebate, compensation, toFunder }: Closing, { upheld }: StudyView, token: Token): [string, ReactNode][] {
  const amount = (value: bigint): JSX.Element => <Amount amount={value} unit={token} />
  const ofBond: [string, ReactNode] =
    upheld === 0
      ? ['Bond', amount(bond)]
      : [
          'Bond',
          <>
            {amount(compensation)} {upheld === 1 ? 'to the harmed patient' : `for each of ${upheld} upheld disputes`}
          </>,
        ]
  return [['Rest', amount(rest)], ofBond, ['Rebate', amount(rebate)], ['To the funder', <strong key="sum">{amount(toFunder)}</strong>]]
}

function ObstacleWords({ study, obstacle }: { readonly study: StudyView; readonly obstacle: Closing['obstacle'] }): JSX.Element {
  if (obstacle === 'requests-open') {
    return <>It can be closed once {countOf(study.openRequests, 'open request')} has ended. Overdue ones end by themselves.</>
  }
  if (obstacle === 'disputes-open') return <>It can be closed once the arbiter has decided {countOf(study.openDisputes, 'dispute')}.</>
  return (
    <>
      It can be closed after <Moment timeS={study.closesAtS} as="day" />, when the patients’ time to dispute is over.
    </>
  )
}
