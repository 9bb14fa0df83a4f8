import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { Panel } from '../../ui/layout/Panel.tsx'
import { BudgetBar } from './BudgetBar.tsx'
import { budgetQuery } from './useBudget.ts'

/** What answers with noise have cost; nothing before the first. */
export function BudgetPanel(): JSX.Element | null {
  const { data: budget } = useQuery(budgetQuery)
  if (budget === undefined || budget.spentMilli === 0) return null
  return (
    <Panel title="Budget of answers with noise" quiet>
      <BudgetBar budget={budget} />
    </Panel>
  )
}
