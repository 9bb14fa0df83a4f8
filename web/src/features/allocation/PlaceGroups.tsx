import { Title } from '@mantine/core'
import type { BoardCase } from '@medsync/protocol'
import { type JSX, useId } from 'react'
import { CardList } from '../../ui/CardList.tsx'
import styles from './Allocation.module.css'
import { BoardCaseCard } from './BoardCaseCard.tsx'
import { type PlaceGroup, placeGroupsOf } from './placeGroupsOf.ts'

/** A hospital's cases by what is to be done about them: offers to answer come first. */
export function PlaceGroups({ cases }: { readonly cases: readonly BoardCase[] }): JSX.Element {
  return (
    <>
      {placeGroupsOf(cases).map((group) => (
        <Group key={group.kind} group={group} />
      ))}
    </>
  )
}

function Group({ group: { kind, title, cases } }: { readonly group: PlaceGroup }): JSX.Element {
  const titleId = useId()
  return (
    <section className={styles.group} aria-labelledby={titleId} data-group={kind}>
      <Title order={2} size="h3" id={titleId}>
        {title}
      </Title>
      <CardList label={title}>
        {cases.map((each) => (
          <li key={each.case}>
            <BoardCaseCard board={each} />
          </li>
        ))}
      </CardList>
    </section>
  )
}
