import type { JSX } from 'react'
import { formatAmount } from '../../ui/format/formatAmount.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { loadChain } from '../chain/loadChain.ts'
import type { Claimant } from '../chain/readClaims.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { problemOf } from '../problem/problemOf.ts'
import { TransactionButton } from '../transactions/TransactionButton.tsx'
import { TransactionStatus } from '../transactions/TransactionStatus.tsx'
import { useTransaction } from '../transactions/useTransaction.ts'
import styles from './OwedPanel.module.css'
import { type Owed, useOwed } from './useOwed.ts'

/** What may be collected now, and the button that collects it. */
export function OwedPanel({ claimant, note }: { readonly claimant: Claimant; readonly note: string }): JSX.Element {
  const owed = useOwed(claimant)
  return (
    <Panel title="Ready to collect" note={note}>
      {owed.isError && <ProblemNotice problem={problemOf(owed.error)} onRetry={() => void owed.refetch()} />}
      {owed.isPending && <ListSkeleton rows={1} heightPx={72} what="what you are owed" />}
      <ul className={styles.list}>
        {owed.data?.map((row) => (
          <OwedRow key={row.token.address} owed={row} claimant={claimant} />
        ))}
      </ul>
    </Panel>
  )
}

function OwedRow({ owed: { token, amount }, claimant }: { readonly owed: Owed; readonly claimant: Claimant }): JSX.Element {
  const network = useNetwork()
  const transaction = useTransaction(`claim:${token.address}`)
  const collect = (): void =>
    void transaction.run(`Collect ${formatAmount(amount, token)}`, async () => {
      const { claimForOrganisationCalls, claimRewardCalls } = await loadChain()
      return 'account' in claimant
        ? claimRewardCalls(network, { token: token.address })
        : claimForOrganisationCalls(network, { token: token.address })
    })
  return (
    <li className={styles.row} data-token={token.symbol}>
      <span className={styles.amount} data-owed={amount}>
        {formatAmount(amount, token)}
      </span>
      <TransactionButton
        color="honey"
        state={transaction.state}
        pending="Collecting…"
        disabled={amount === 0n && !transaction.isPending}
        onClick={collect}
      >
        {amount === 0n ? 'Nothing to collect yet' : `Collect ${formatAmount(amount, token)}`}
      </TransactionButton>
      <div className={styles.status}>
        <TransactionStatus state={transaction.state} />
      </div>
    </li>
  )
}
