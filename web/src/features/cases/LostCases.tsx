import { Button } from '@mantine/core'
import type { CaseId, RecordPatient } from '@medsync/protocol'
import type { JSX } from 'react'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { useCaseDeed } from './useCases.ts'

type Lost = { readonly case: CaseId; readonly patient: RecordPatient }

/** Says which cases the private context has lost, and ends them once they were opened again. */
export function LostCases({ lost }: { readonly lost: readonly Lost[] }): JSX.Element | null {
  if (lost.length === 0) return null
  return (
    <>
      {lost.map((each) => (
        <LostCase key={each.case} lost={each} />
      ))}
    </>
  )
}

function LostCase({ lost }: { readonly lost: Lost }): JSX.Element {
  const name = lost.patient?.name ?? 'a patient'
  const end = useCaseDeed(lost.case, 'status')
  return (
    <>
      <Notice
        kind="warning"
        title={`The private context has lost the case of ${name}`}
        action={
          <Button size="compact-sm" variant="default" loading={end.isPending} onClick={() => end.mutate({ status: 'done' })}>
            End the lost case
          </Button>
        }
      >
        Add the case again from its record, with its vital signs and notes; then end this one.
      </Notice>
      {end.isError && <ProblemNotice problem={problemOf(end.error)} />}
    </>
  )
}
