import type { JSX } from 'react'
import { useAccesses } from '../../features/accesses/useAccesses.ts'
import { useOrganisationName } from '../../features/network/useNetwork.ts'
import { useTokenOf } from '../../features/network/useToken.ts'
import styles from '../../features/rewards/ClaimsPanel.module.css'
import { ClaimsPanel } from '../../features/rewards/ClaimsPanel.tsx'
import { OwedPanel } from '../../features/rewards/OwedPanel.tsx'
import { useSession } from '../../features/session/useSession.ts'
import { TransactionLink } from '../../features/transactions/TransactionLink.tsx'
import { Amount } from '../../ui/Amount.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Moment } from '../../ui/Moment.tsx'

/** What the use of the data has earned: to collect, earned, collected. */
export function RewardsPage(): JSX.Element {
  const { account } = useSession()
  return (
    <Page
      title="Your rewards"
      lead="Each access pays you a share that the study fixed in advance. It waits on the chain until you collect it."
    >
      <OwedPanel claimant={{ account }} note="Read from the chain itself. Collecting sends it to this account." />
      <Earned />
      <ClaimsPanel claimant={{ account }} />
    </Page>
  )
}

function Earned(): JSX.Element {
  const list = useAccesses()
  const nameOf = useOrganisationName()
  const tokenOf = useTokenOf()
  const paid = (list.data?.accesses ?? []).flatMap(({ index, reward, token, details, loggedAtS, transaction }) =>
    reward === null || token === null ? [] : [{ index, reward, token, details, loggedAtS, transaction }],
  )
  return (
    <Panel title="Earned">
      {list.isPending && <ListSkeleton rows={1} heightPx={48} what="what you earned" />}
      {list.data !== undefined && paid.length === 0 && (
        <p className={styles.none}>Nothing yet. You earn a share each time an organisation receives data under one of your consents.</p>
      )}
      <ul className={styles.list}>
        {paid.map(({ index, reward, token, details, loggedAtS, transaction }) => (
          <li key={index} className={styles.row}>
            <span>
              <strong>
                <Amount amount={BigInt(reward)} unit={tokenOf(token)} />
              </strong>{' '}
              {details !== null && `from ${nameOf(details.grantee)}, study ${details.study}`}
            </span>
            <span>
              <Moment timeS={loggedAtS} as="distance" />, <TransactionLink hash={transaction} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
