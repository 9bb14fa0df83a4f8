import type { OrganisationId } from '@medsync/protocol'
import { Eye } from 'lucide-react'
import type { JSX } from 'react'
import { AccessCard } from '../../features/accesses/AccessCard.tsx'
import { DisputeButton } from '../../features/accesses/DisputeButton.tsx'
import { LogProofNotice } from '../../features/accesses/LogProofNotice.tsx'
import { useAccesses } from '../../features/accesses/useAccesses.ts'
import { useNetwork } from '../../features/network/useNetwork.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { CardList } from '../../ui/CardList.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'

/** Every access and every refusal, newest first, with the proof that none is missing. */
export function AccessesPage(): JSX.Element {
  const list = useAccesses()
  const { tenants } = useNetwork()
  // The words of a dispute are kept where the hospital is served.
  const isServedHere = (hospital: OrganisationId): boolean => tenants.some(({ organisation }) => organisation === hospital)
  return (
    <Page
      title="Who asked for your data"
      lead="Every time a hospital gave out or refused data about you, it had to write it here. New entries appear by themselves."
    >
      {list.isPending && <ListSkeleton what="the accesses" heightPx={200} />}
      {list.isError && <ProblemNotice problem={problemOf(list.error)} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && <LogProofNotice proof={list.data.proof} />}
      {list.data?.accesses.length === 0 && (
        <EmptyState icon={Eye} title="Nobody has asked yet">
          When an organisation that you gave a consent to asks for your data, the access or the refusal appears here at once.
        </EmptyState>
      )}
      <CardList label="Accesses and refusals, newest first">
        {list.data?.accesses.map((access) => (
          <li key={access.index}>
            <AccessCard access={access}>
              {access.dispute === null && isServedHere(access.hospital) && <DisputeButton access={access} />}
            </AccessCard>
          </li>
        ))}
      </CardList>
    </Page>
  )
}
