import { Checkbox } from '@mantine/core'
import type { JSX } from 'react'
import { shortenId } from '../../ui/format/shortenId.ts'
import { Moment } from '../../ui/Moment.tsx'
import { categoryWords, listWords } from '../consents/termsInWords.ts'
import { useOrganisationName } from '../network/useNetwork.ts'
import { type Askable, obstacleWords } from './askables.ts'
import styles from './RequestBuilder.module.css'

export type AskableRowProps = { readonly askable: Askable; readonly isChosen: boolean; readonly onChoose: (isChosen: boolean) => void }

/** One patient at one hospital: what could be had, or why nothing could. */
export function AskableRow({ askable: { grant, hospital, categories, obstacle }, isChosen, onChoose }: AskableRowProps): JSX.Element {
  const nameOf = useOrganisationName()
  return (
    <li className={styles.row}>
      <Checkbox
        checked={isChosen && obstacle === undefined}
        disabled={obstacle !== undefined}
        onChange={(event) => onChoose(event.currentTarget.checked)}
        label={
          <strong>
            Patient {shortenId(grant.patient)}
            {hospital !== undefined && ` at ${nameOf(hospital)}`}
          </strong>
        }
        description={
          obstacle === undefined ? (
            <>
              {listWords(categories.map(categoryWords))}. Until the end of <Moment timeS={grant.terms.expiresAtS - 1} as="day" />.
            </>
          ) : (
            obstacleWords[obstacle]
          )
        }
      />
    </li>
  )
}
