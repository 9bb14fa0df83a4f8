import { useQuery } from '@tanstack/react-query'
import { Mail } from 'lucide-react'
import type { JSX } from 'react'
import { problemOf } from '../../features/problem/problemOf.ts'
import { InvitationCard } from '../../features/trials/InvitationCard.tsx'
import { invitationsQuery, openFirst } from '../../features/trials/useTrials.ts'
import { CardList } from '../../ui/CardList.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'

/** Studies that the patient was invited to. */
export function InvitationsPage(): JSX.Element {
  const invitations = useQuery(invitationsQuery)
  return (
    <Page
      title="Invitations"
      lead="A hospital that holds your record thinks that these studies could be for you. It is for you alone to say yes or no."
    >
      {invitations.isPending && <ListSkeleton what="the invitations" heightPx={180} rows={2} />}
      {invitations.isError && <ProblemNotice problem={problemOf(invitations.error)} onRetry={() => void invitations.refetch()} />}
      {invitations.data?.length === 0 && (
        <EmptyState icon={Mail} title="No invitation yet">
          When a study looks for people like you, your hospital can invite you here. Studies never see who was invited.
        </EmptyState>
      )}
      <CardList label="Invitations">
        {openFirst(invitations.data ?? []).map((invitation) => (
          <li key={invitation.invitation}>
            <InvitationCard invitation={invitation} />
          </li>
        ))}
      </CardList>
    </Page>
  )
}
