import type { JSX } from 'react'
import { useSearchParams } from 'react-router'
import { NewCaseForm } from '../../features/cases/NewCaseForm.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { TextLink } from '../../ui/TextLink.tsx'

/** Opens a case; `?record=` chooses whose it is. */
export function NewCasePage(): JSX.Element {
  const [search] = useSearchParams()
  return (
    <Page
      title="Add a case"
      eyebrow={<TextLink to="/hospital/cases">Cases</TextLink>}
      lead="It is scored from the record at once; vital signs and notes can be added afterwards."
    >
      <NewCaseForm record={search.get('record') ?? ''} />
    </Page>
  )
}
