import { Button, Group } from '@mantine/core'
import { errorWords, isErrorCode, type RequestView } from '@medsync/protocol'
import { type JSX, useState } from 'react'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ShortId } from '../../ui/ShortId.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { useParkedRequest } from './useParkedRequest.ts'

/** Requests that the gateway failed to answer and that wait for staff, each with its reason; nothing when there are none. */
export function ParkedRequests({ requests }: { readonly requests: readonly RequestView[] }): JSX.Element | null {
  const parked = requests.filter((request) => request.parked !== null)
  if (parked.length === 0) return null
  return (
    <>
      {parked.map((request) => (
        <ParkedRequest key={request.digest} request={request} />
      ))}
    </>
  )
}

function ParkedRequest({
  request: { request, study, patient, expiresAtS, parked },
}: {
  readonly request: RequestView
}): JSX.Element | null {
  const [isAsking, setIsAsking] = useState(false)
  if (request === null || parked === null) return null
  const { what, hint } = errorWords[isErrorCode(parked.code) ? parked.code : 'request/unexpected']
  return (
    <div data-parked={request}>
      <Notice
        kind="warning"
        title={`Request ${request} needs you: the gateway could not answer it`}
        action={<Decide request={request} isAsking={isAsking} setIsAsking={setIsAsking} />}
      >
        <p>
          {what} {hint}
        </p>
        <p>
          Study {study}. {countOf(parked.attempts, 'failed try', 'failed tries')}, the last one on <Moment timeS={parked.atS} />
          {expiresAtS !== null && (
            <>
              . If nobody decides, it expires on <Moment timeS={expiresAtS} /> and the price goes back
            </>
          )}
          . Other requests are answered as usual.
        </p>
        <p>
          Patient: <ShortId id={patient} kind="patient account" />
        </p>
      </Notice>
    </div>
  )
}

type DecideProps = {
  readonly request: NonNullable<RequestView['request']>
  readonly isAsking: boolean
  readonly setIsAsking: (isAsking: boolean) => void
}

function Decide({ request, isAsking, setIsAsking }: DecideProps): JSX.Element {
  const retry = useParkedRequest(request, 'retry')
  const refusal = useParkedRequest(request, 'refusal')
  const failure = retry.error ?? refusal.error
  return (
    <>
      <Group gap="xs">
        <Button size="compact-sm" loading={retry.isPending} disabled={refusal.isPending} onClick={() => retry.mutate()}>
          Try again
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          loading={refusal.isPending}
          disabled={retry.isPending}
          onClick={() => setIsAsking(true)}
        >
          Refuse
        </Button>
      </Group>
      {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
      <ConfirmDialog
        opened={isAsking}
        title={`Refuse request ${request}?`}
        confirm="Refuse the request"
        danger
        onCancel={() => setIsAsking(false)}
        onConfirm={() => {
          setIsAsking(false)
          refusal.mutate()
        }}
      >
        Nothing is released. The refusal is written to the patient’s log on the chain and cannot be taken back; the price goes back to the
        study, and the researcher may ask again.
      </ConfirmDialog>
    </>
  )
}
