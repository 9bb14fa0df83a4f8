import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { useEncryptionKey } from '../../features/encryption/useEncryptionKey.ts'
import { useOrganisationName } from '../../features/network/useNetwork.ts'
import { grantsQuery } from '../../features/requests/useGrants.ts'
import { requestsQuery } from '../../features/requests/useRequests.ts'
import { useSession } from '../../features/session/useSession.ts'
import { studiesQuery } from '../../features/studies/useStudies.ts'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { Checklist } from '../../ui/Checklist.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import styles from '../frame/Tiles.module.css'

/** The researcher's home: the next step, and how things stand. */
export function ResearchHomePage(): JSX.Element {
  const { organisation } = useSession()
  const nameOf = useOrganisationName()
  const key = useEncryptionKey()
  const studies = useQuery(studiesQuery)
  const grants = useQuery(grantsQuery)
  const requests = useQuery(requestsQuery)
  const settled = requests.data?.filter(({ progress }) => progress === 'settled').length ?? 0
  return (
    <Page
      title={organisation === null ? 'Welcome' : nameOf(organisation)}
      lead="Ask for data that patients agreed to share with your office. Hospitals answer within each consent, and everyone who gave something is paid."
    >
      <Panel title="Your way to the data">
        <Checklist
          steps={[
            {
              title: 'Publish your encryption key',
              text: 'Hospitals seal data to it; only your wallet opens it.',
              isDone: key.standing === 'published' || key.standing === 'own',
              action: <ButtonLink to="/research/key">Publish the key</ButtonLink>,
            },
            {
              title: 'Open and fund a study',
              text: 'The offer is public; the money is held by the contract.',
              isDone: (studies.data?.length ?? 0) > 0,
              action: <ButtonLink to="/research/studies/new">Open a study</ButtonLink>,
            },
            {
              title: 'Request access',
              text: 'From patients who gave your office a consent.',
              isDone: (requests.data ?? []).some(({ progress }) => progress !== 'filed'),
              action: <ButtonLink to="/research/consents">See the consents</ButtonLink>,
            },
            {
              title: 'Open the data',
              text: 'Fetched, checked and decrypted in your browser.',
              isDone: settled > 0,
              action: <ButtonLink to="/research/requests">See the requests</ButtonLink>,
            },
          ]}
        />
      </Panel>
      <div className={styles.tiles}>
        <Panel title="Studies">
          <p className={styles.figure}>{studies.data?.length ?? '…'}</p>
          <p className={styles.figureNote}>of your office</p>
          <TextLink to="/research/studies">See and fund them</TextLink>
        </Panel>
        <Panel title="Consents">
          <p className={styles.figure}>{grants.data?.length ?? '…'}</p>
          <p className={styles.figureNote}>in force for your office</p>
          <TextLink to="/research/consents">See them and ask</TextLink>
        </Panel>
        <Panel title="Requests">
          <p className={styles.figure}>{requests.data?.length ?? '…'}</p>
          <p className={styles.figureNote}>{settled} answered with data</p>
          <TextLink to="/research/requests">Follow them</TextLink>
        </Panel>
      </div>
    </Page>
  )
}
