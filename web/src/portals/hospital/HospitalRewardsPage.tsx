import { organisationId } from '@medsync/protocol'
import type { JSX } from 'react'
import { ClaimsPanel } from '../../features/rewards/ClaimsPanel.tsx'
import { OwedPanel } from '../../features/rewards/OwedPanel.tsx'
import { useSession } from '../../features/session/useSession.ts'
import { Page } from '../../ui/layout/Page.tsx'

/** The hospital's share of what studies paid. */
export function HospitalRewardsPage(): JSX.Element {
  const { organisation } = useSession()
  const claimant = { organisation: organisationId(organisation ?? '0x0') }
  return (
    <Page
      title="Rewards of the hospital"
      lead="Each access pays your hospital a share. Any of its accounts may collect; the money always goes to its payout address."
    >
      <OwedPanel claimant={claimant} note="Read from the chain itself. Only governance can change where it is paid to." />
      <ClaimsPanel claimant={claimant} />
    </Page>
  )
}
