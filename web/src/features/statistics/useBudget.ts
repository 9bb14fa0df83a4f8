import { privacyBudgetSchema } from '@medsync/protocol'
import { queryOptions } from '@tanstack/react-query'
import { callGateway } from '../session/callGateway.ts'

/** GET /hospital/rounds/budget: what answers with noise have told, of what they may tell together. */
export const budgetQuery = queryOptions({
  queryKey: ['mine', 'rounds', 'budget'],
  queryFn: ({ signal }) => callGateway({ path: '/hospital/rounds/budget', answer: privacyBudgetSchema, signal }),
})
