import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { MemberRow } from '../../features/circle/MemberRow.tsx'
import { NodeRow } from '../../features/circle/NodeRow.tsx'
import { circleQuery } from '../../features/circle/useCircle.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { countOf } from '../../ui/format/countOf.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './hospital.module.css'

const ENGINES = {
  embedded: 'It runs inside this gateway, for trying out: hospitals that share a machine do not hide anything from whoever runs it.',
  calimero:
    'Each hospital has a node of its own. What the hospitals share is copied to every node; what is in a node’s vault never leaves it.',
} as const

const COMPARING =
  'Each node compares its shared data with another node every ten seconds. When it agrees with none of them, the gateway repairs it.'

/** Who is in the hospitals' private context, and whether our own nodes are in step with the others. */
export function CirclePage(): JSX.Element {
  const circle = useQuery(circleQuery)
  return (
    <Page
      title="The hospitals’ circle"
      lead="Here hospitals share the terms of consents, sealed to those they concern, and which of them holds a record of which patient. Records stay where they are."
    >
      {circle.isPending && <ListSkeleton what="the circle" heightPx={96} />}
      {circle.isError && <ProblemNotice problem={problemOf(circle.error)} onRetry={() => void circle.refetch()} />}
      {circle.data !== undefined && circle.data.nodes.length > 0 && (
        <Panel title={countOf(circle.data.nodes.length, 'node of this gateway', 'nodes of this gateway')} note={COMPARING}>
          <ul className={styles.rows} aria-label="Nodes of this gateway">
            {circle.data.nodes.map((node) => (
              <NodeRow key={node.organisation} node={node} />
            ))}
          </ul>
        </Panel>
      )}
      {circle.data !== undefined && (
        <Panel title={countOf(circle.data.members.filter(({ isActive }) => isActive).length, 'member')} note={ENGINES[circle.data.engine]}>
          <ul className={styles.rows} aria-label="Members of the circle">
            {circle.data.members.map((member) => (
              <MemberRow key={member.executor} member={member} />
            ))}
          </ul>
        </Panel>
      )}
    </Page>
  )
}
