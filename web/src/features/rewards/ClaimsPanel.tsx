import type { JSX } from 'react'
import { Amount } from '../../ui/Amount.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import type { Claimant } from '../chain/readClaims.ts'
import { useTokenOf } from '../network/useToken.ts'
import { problemOf } from '../problem/problemOf.ts'
import { TransactionLink } from '../transactions/TransactionLink.tsx'
import styles from './ClaimsPanel.module.css'
import { useClaims } from './useOwed.ts'

/** What was collected before, from the chain's own events. */
export function ClaimsPanel({ claimant }: { readonly claimant: Claimant }): JSX.Element {
  const claims = useClaims(claimant)
  const tokenOf = useTokenOf()
  return (
    <Panel title="Collected">
      {claims.isError && <ProblemNotice problem={problemOf(claims.error)} onRetry={() => void claims.refetch()} />}
      {claims.isPending && <ListSkeleton rows={1} heightPx={48} what="what was collected" />}
      {claims.data?.length === 0 && <p className={styles.none}>Nothing has been collected yet.</p>}
      <ul className={styles.list}>
        {claims.data?.map(({ transaction, blockNumber, token, amount }) => (
          <li key={transaction} className={styles.row}>
            <strong>
              <Amount amount={amount} unit={tokenOf(token)} />
            </strong>
            <span>
              block {blockNumber}, <TransactionLink hash={transaction} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
