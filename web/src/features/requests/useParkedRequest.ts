import type { RequestId } from '@medsync/protocol'
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import * as z from 'zod'
import { callGateway } from '../session/callGateway.ts'
import { hospitalRequestsQuery } from './useRequests.ts'

/** Has a request that is parked tried again, or refused: POST /hospital/requests/:request/retry or /refusal. */
export function useParkedRequest(request: RequestId, decision: 'retry' | 'refusal'): UseMutationResult<undefined, Error, void> {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => callGateway({ path: `/hospital/requests/${request}/${decision}`, method: 'POST', answer: z.undefined() }),
    // Also after a failure: somebody else may have decided meanwhile.
    onSettled: () => queries.invalidateQueries({ queryKey: hospitalRequestsQuery.queryKey }),
  })
}
