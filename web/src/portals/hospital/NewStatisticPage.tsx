import type { JSX } from 'react'
import { StatisticsForm } from '../../features/statistics/StatisticsForm.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { TextLink } from '../../ui/TextLink.tsx'

/** Asks all hospitals for a statistic. */
export function NewStatisticPage(): JSX.Element {
  return (
    <Page
      title="Ask for a statistic"
      eyebrow={<TextLink to="/hospital/rounds">Together</TextLink>}
      lead="Over the people of all hospitals together. Nothing exact is told of fewer than 20 people."
    >
      <StatisticsForm />
    </Page>
  )
}
