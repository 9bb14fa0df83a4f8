import type { ConsentTerms } from '@medsync/protocol'
import type { JSX } from 'react'
import { Facts } from '../../ui/Facts.tsx'
import { useOrganisationName } from '../network/useNetwork.ts'
import { termsInWords } from './termsInWords.ts'

/** Terms in plain words, one line a part, with the standard's codes for those who want them. */
export function ConsentFacts({ terms, hasGrantee = true }: { readonly terms: ConsentTerms; readonly hasGrantee?: boolean }): JSX.Element {
  const words = termsInWords(terms, useOrganisationName())
  return (
    <Facts
      rows={[
        hasGrantee && ['Who', words.who],
        [
          'What for',
          <>
            {words.whatFor} <small>({terms.purposes.join(', ')})</small>
          </>,
        ],
        ['Which data', words.data],
        ['Sensitive data', words.sensitive],
        ['Dates of the data', words.period],
        ['Held by', words.custodian],
        ['Until', `the end of ${words.until}`],
      ]}
    />
  )
}
