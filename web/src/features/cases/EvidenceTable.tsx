import { Button, VisuallyHidden } from '@mantine/core'
import type { CaseDetail } from '@medsync/protocol'
import type { JSX } from 'react'
import { Explained } from '../../ui/Explained.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { PARAMETER_WORDS } from './caseWords.ts'
import styles from './EvidenceTable.module.css'
import { type EvidenceRow, type EvidenceSource, evidenceOf } from './evidenceOf.ts'

/** An observation with an id of its own: only such a one can be replaced by "entered in error". */
export type WithId = { readonly id: string }

export type EvidenceTableProps = {
  readonly detail: CaseDetail
  /** Takes an observation back that was added here by mistake; left out when nothing can be changed any more. */
  readonly onWithdraw?: ((resource: WithId) => void) | undefined
}

const states = { outdated: 'Measure again', missing: 'Not measured' } as const

/** The seven vital signs with their points and where each comes from. */
export function EvidenceTable({ detail, onWithdraw }: EvidenceTableProps): JSX.Element {
  const { news2 } = detail.urgency
  return (
    <table className={styles.table}>
      <caption className={styles.caption}>Vital signs and their points in NEWS2</caption>
      <thead>
        <tr>
          <th scope="col">Vital sign</th>
          <th scope="col">Value</th>
          <th scope="col" className={styles.points}>
            Points
          </th>
        </tr>
      </thead>
      <tbody>
        {evidenceOf(detail).map((row) => (
          <Row key={row.parameter} row={row} onWithdraw={onWithdraw} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={2}>
            <Explained word="NEWS2 total">
              The National Early Warning Score 2 of the Royal College of Physicians (2017): seven vital signs give 0 to 3 points each, 20 at
              most. 5 or more calls for an urgent look, 7 or more for an emergency one; 3 points in a single vital sign is a red score. It
              is for people of 16 and over who are not pregnant.
            </Explained>
          </th>
          <td className={styles.points}>{news2.total}</td>
        </tr>
      </tfoot>
    </table>
  )
}

function Row({
  row: { parameter, points, state, sources },
  onWithdraw,
}: {
  readonly row: EvidenceRow
  readonly onWithdraw: EvidenceTableProps['onWithdraw']
}): JSX.Element {
  return (
    <tr data-vital={parameter} data-state={state}>
      <th scope="row">{PARAMETER_WORDS[parameter]}</th>
      <td>
        {state !== 'current' && <StatusPill tone="waiting">{states[state]}</StatusPill>}
        {sources.map((source) => (
          <Source key={source.id} source={source} onWithdraw={onWithdraw} />
        ))}
      </td>
      <td className={styles.points}>
        {state === 'missing' ? (
          <span className={styles.note}>
            <span aria-hidden="true">–</span>
            <VisuallyHidden>unknown</VisuallyHidden>
          </span>
        ) : (
          <span className={points === 3 ? styles.red : ''}>{points}</span>
        )}
      </td>
    </tr>
  )
}

function Source({
  source: { value, measuredAtS, origin, resource },
  onWithdraw,
}: {
  readonly source: EvidenceSource
  readonly onWithdraw: EvidenceTableProps['onWithdraw']
}): JSX.Element {
  const canWithdraw = origin === 'case' && onWithdraw !== undefined && hasId(resource)
  return (
    <div className={styles.source}>
      <span className={styles.value}>{value}</span>
      <span className={styles.note}>
        {measuredAtS !== undefined && <Moment timeS={measuredAtS} as="distance" />}
        {origin === 'record' && ', from the record'}
        {origin === 'case' && !canWithdraw && ', added here'}
      </span>
      {canWithdraw && (
        <Button size="compact-xs" variant="subtle" onClick={() => onWithdraw(resource)} aria-label={`Take back ${value}`}>
          Take back
        </Button>
      )}
    </div>
  )
}

function hasId(resource: unknown): resource is WithId {
  return typeof resource === 'object' && resource !== null && 'id' in resource && typeof resource.id === 'string'
}
