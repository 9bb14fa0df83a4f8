import type { CircleMember } from '@medsync/protocol'
import type { JSX } from 'react'
import { ShortId } from '../../ui/ShortId.tsx'
import { StatusPill, type StatusTone } from '../../ui/StatusPill.tsx'
import { useOrganisationName } from '../network/useNetwork.ts'
import styles from './MemberRow.module.css'
import { standingOf } from './standingOf.ts'

/** One node of the circle: whose it is, what it may do, and whether consents can be sent to it. */
export function MemberRow({ member }: { readonly member: CircleMember }): JSX.Element {
  const nameOf = useOrganisationName()
  const [tone, words, note]: readonly [StatusTone, string, string] = standingOf(member)
  const roles = [
    member.kind === 'hospital' ? 'Hospital' : 'Research office',
    member.isKeeper && 'keeps the circle',
    member.isOurs && 'served here',
  ]
  return (
    <li className={styles.row} data-member={member.organisation}>
      <p className={styles.title}>{nameOf(member.organisation)}</p>
      <StatusPill tone={tone}>{words}</StatusPill>
      <p className={styles.note}>
        {roles.filter((role) => role !== false).join(', ')}. {note}
      </p>
      <p className={styles.note}>
        Node <ShortId id={member.executor} kind="the node’s key" />
      </p>
    </li>
  )
}
