import { Title } from '@mantine/core'
import type { patientRecordSchema } from '@medsync/protocol'
import { type JSX, useId } from 'react'
import type * as z from 'zod'
import { formatDay } from '../../ui/format/formatTime.ts'
import { Moment } from '../../ui/Moment.tsx'
import { categoryWords, inSentence, sensitivityWords } from '../consents/termsInWords.ts'
import { useOrganisationName } from '../network/useNetwork.ts'
import styles from './RecordCard.module.css'

type PatientRecord = z.output<typeof patientRecordSchema>

/** One record at one hospital: what kinds of data it holds, how much, and from when to when. Never the data itself. */
export function RecordCard({ record }: { readonly record: PatientRecord }): JSX.Element {
  const nameOf = useOrganisationName()
  const titleId = useId()
  return (
    <article className={styles.card} aria-labelledby={titleId}>
      <Title order={3} id={titleId}>
        {nameOf(record.hospital)}
      </Title>
      <p className={styles.note}>
        Linked <Moment timeS={record.linkedAtS} as="distance" />
        {record.change !== undefined && (
          <>
            , changed by the hospital <Moment timeS={record.change.atS} as="distance" />
            {record.change.isRestored && ', when it went back to an earlier version of this record'}
          </>
        )}
      </p>
      <table className={styles.table}>
        <caption className={styles.caption}>What this record holds</caption>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Entries</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
          </tr>
        </thead>
        <tbody>
          {record.categories
            .filter(({ count }) => count > 0)
            .map(({ category, count, fromS, toS }) => (
              <tr key={category}>
                <th scope="row">{categoryWords(category)}</th>
                <td>{count}</td>
                <td>{fromS === 0 ? 'no date' : formatDay(fromS)}</td>
                <td>{toS === 0 ? 'no date' : formatDay(toS)}</td>
              </tr>
            ))}
        </tbody>
      </table>
      <p className={styles.note}>
        {record.sensitivities.length === 0
          ? 'Nothing in it was recognised as sensitive.'
          : `Also in it, and held back unless a consent includes it: ${inSentence(record.sensitivities.map(sensitivityWords))}.`}
      </p>
    </article>
  )
}
