import { organisationId } from '@medsync/protocol'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { casesQuery } from '../../features/cases/useCases.ts'
import { hospitalRecordsQuery } from '../../features/hospitalRecords/useHospitalRecords.ts'
import { useOrganisationName } from '../../features/network/useNetwork.ts'
import { hospitalRequestsQuery } from '../../features/requests/useRequests.ts'
import { useOwed } from '../../features/rewards/useOwed.ts'
import { useSession } from '../../features/session/useSession.ts'
import { Amount } from '../../ui/Amount.tsx'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { Checklist } from '../../ui/Checklist.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import styles from '../frame/Tiles.module.css'

/** The hospital's home: the next step, and how things stand. */
export function HospitalHomePage(): JSX.Element {
  const { organisation } = useSession()
  const own = organisationId(organisation ?? '0x0')
  const nameOf = useOrganisationName()
  const records = useInfiniteQuery(hospitalRecordsQuery)
  const requests = useQuery(hospitalRequestsQuery)
  const cases = useInfiniteQuery(casesQuery('waiting'))
  const waiting = cases.data?.pages.flatMap(({ items }) => items)
  const parked = requests.data?.filter((request) => request.parked !== null).length ?? 0
  const owed = useOwed({ organisation: own })
  const listed = records.data?.pages.flatMap(({ items }) => items)
  const linked = listed?.filter(({ linkedAtS }) => linkedAtS !== null).length ?? 0
  return (
    <Page
      title={nameOf(own)}
      lead="Records stay here. Requests are answered within each patient’s consent, and every answer leaves a proof."
    >
      {parked > 0 && (
        <Notice
          kind="warning"
          title={`${countOf(parked, 'request needs', 'requests need')} you`}
          action={<TextLink to="/hospital/requests">Look at what could not be answered</TextLink>}
        >
          The gateway tried three times. All other requests are answered as usual.
        </Notice>
      )}
      <Panel title="Your way through MedSync">
        <Checklist
          steps={[
            {
              title: 'Upload records',
              text: 'A FHIR R4 Bundle for each patient; several at once.',
              isDone: (listed?.length ?? 0) > 0,
              action: <ButtonLink to="/hospital/upload">Upload</ButtonLink>,
            },
            {
              title: 'Give patients their codes',
              text: 'With a one-time code a patient links the record to their account.',
              isDone: linked > 0,
              action: <ButtonLink to="/hospital/records">To the records</ButtonLink>,
            },
            {
              title: 'Watch the requests',
              text: 'They are answered by themselves, each with its entry in the journal.',
              isDone: (requests.data?.length ?? 0) > 0,
              action: (
                <ButtonLink variant="default" to="/hospital/requests">
                  Look
                </ButtonLink>
              ),
            },
          ]}
        />
      </Panel>
      <div className={styles.tiles}>
        <Panel title="Cases">
          <p className={styles.figure}>
            {waiting === undefined ? '…' : waiting.length}
            {cases.hasNextPage && '+'}
          </p>
          <p className={styles.figureNote}>
            {waiting?.[0] === undefined ? 'nobody is waiting' : `waiting; the most urgent has a score of ${waiting[0].score}`}
          </p>
          <TextLink to="/hospital/cases">Who needs help first</TextLink>
        </Panel>
        <Panel title="Records">
          <p className={styles.figure}>
            {listed === undefined ? '…' : listed.length}
            {records.hasNextPage && '+'}
          </p>
          <p className={styles.figureNote}>{linked} linked to an account</p>
          <TextLink to="/hospital/records">Find one, give a code</TextLink>
        </Panel>
        <Panel title="Requests">
          <p className={styles.figure}>{requests.data?.length ?? '…'}</p>
          <p className={styles.figureNote}>
            {requests.data?.filter(({ progress }) => progress === 'settled').length ?? 0} answered with data
          </p>
          <TextLink to="/hospital/requests">Requests and journal</TextLink>
        </Panel>
        <Panel title="Rewards">
          {owed.data === undefined && <p className={styles.figure}>…</p>}
          {owed.data
            ?.filter(({ amount }, index) => amount > 0n || index === 0)
            .map(({ token, amount }) => (
              <p key={token.address} className={styles.figure}>
                <Amount amount={amount} unit={token} places={3} />
              </p>
            ))}
          <p className={styles.figureNote}>ready to collect</p>
          <TextLink to="/hospital/rewards">Collect and history</TextLink>
        </Panel>
      </div>
    </Page>
  )
}
