import { invitationDraftSchema } from '@medsync/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type JSX, useEffect } from 'react'
import { useParams } from 'react-router'
import * as z from 'zod'
import { draftOfTerms } from '../../features/consents/consentDraft.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { callGateway } from '../../features/session/callGateway.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import { ConsentSteps } from './ConsentSteps.tsx'

/** Says yes to an invitation: the consent that the study needs is looked at, changed if need be, and signed as any other. */
export function InvitationPage(): JSX.Element {
  const { invitation = '' } = useParams()
  const queries = useQueryClient()
  const path = `/patient/invitations/${encodeURIComponent(invitation)}`
  const { mutate, data, error } = useMutation({
    mutationFn: () => callGateway({ path: `${path}/acceptance`, answer: invitationDraftSchema, method: 'POST' }),
  })
  useEffect(() => mutate(), [mutate])
  if (data !== undefined) {
    return (
      <ConsentSteps
        start={() => draftOfTerms(data.terms)}
        title="The consent for this study"
        lead="This is what the study asks for. Take away what you do not want to share; nothing is signed before you have read it once more."
        reviewTitle="Review your consent"
        next="/patient/invitations"
        onGranted={async (commitment) => {
          await callGateway({ path: `${path}/consent`, answer: z.unknown(), method: 'POST', body: { commitment } })
          await queries.invalidateQueries({ queryKey: ['mine', 'invitations'] })
        }}
      />
    )
  }
  return (
    <Page title="The consent for this study" eyebrow={<TextLink to="/patient/invitations">Invitations</TextLink>}>
      {error === null ? (
        <ListSkeleton what="the consent" heightPx={180} />
      ) : (
        <ProblemNotice problem={problemOf(error)} onRetry={() => mutate()} />
      )}
    </Page>
  )
}
