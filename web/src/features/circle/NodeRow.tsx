import type { NetworkNode } from '@medsync/protocol'
import type { JSX } from 'react'
import { Moment } from '../../ui/Moment.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { useOrganisationName } from '../network/useNetwork.ts'
import styles from './MemberRow.module.css'
import { nodeStateText, repairText } from './nodeStateText.ts'

/** One node that this gateway acts through: whether it is in step with the others, what is done about it, and what staff can do. */
export function NodeRow({ node }: { readonly node: NetworkNode }): JSX.Element {
  const nameOf = useOrganisationName()
  const { tone, words, meaning, advice } = nodeStateText(node)
  return (
    <li className={styles.row} data-node={node.organisation} data-state={node.state}>
      <p className={styles.title}>{nameOf(node.organisation)}</p>
      <StatusPill tone={tone}>{words}</StatusPill>
      <p className={styles.note}>{meaning}</p>
      {node.state !== 'in-step' && (
        <p className={styles.note}>
          Since <Moment timeS={node.sinceS} />.
        </p>
      )}
      {node.state !== 'in-step' && node.repair !== null && (
        <p className={styles.note}>
          {repairText(node.repair)}: <Moment timeS={node.repair.atS} as="distance" />.
        </p>
      )}
      <p className={styles.note}>
        {node.equalAtS === null ? (
          'Not compared with another node yet.'
        ) : (
          <>
            Last found equal to another node: <Moment timeS={node.equalAtS} as="distance" />.
          </>
        )}
      </p>
      {advice !== null && <p className={styles.note}>{advice}</p>}
    </li>
  )
}
