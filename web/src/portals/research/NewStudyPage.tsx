import { organisationId } from '@medsync/protocol'
import { type JSX, useState } from 'react'
import { useNavigate } from 'react-router'
import { useNetwork } from '../../features/network/useNetwork.ts'
import type { Token } from '../../features/network/useToken.ts'
import { useSession } from '../../features/session/useSession.ts'
import { StudyForm } from '../../features/studies/StudyForm.tsx'
import { detailsOfStudy, newStudyDraft, offerOfStudy } from '../../features/studies/studyDraft.ts'
import { useOpenStudy } from '../../features/studies/useOpenStudy.ts'
import { Page } from '../../ui/layout/Page.tsx'
import { TextLink } from '../../ui/TextLink.tsx'

/** Open and fund a study. */
export function NewStudyPage(): JSX.Element {
  const { tokens } = useNetwork()
  const { organisation } = useSession()
  const [draft, setDraft] = useState(() => newStudyDraft(Math.floor(Date.now() / 1000), tokens[0]?.address))
  const { transaction, open } = useOpenStudy(organisationId(organisation ?? '0x0'))
  const navigate = useNavigate()
  const start = async (token: Token): Promise<void> => {
    if (await open(detailsOfStudy(draft), offerOfStudy(draft, token))) await navigate('/research/studies')
  }
  return (
    <Page
      title="Open a study"
      eyebrow={<TextLink to="/research/studies">Studies</TextLink>}
      lead="Describe it, make the offer, and fund it. One signature approves deposit and bond and opens the study."
    >
      <StudyForm draft={draft} state={transaction.state} onChange={setDraft} onOpen={(token) => void start(token)} />
    </Page>
  )
}
