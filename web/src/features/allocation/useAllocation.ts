import { allocationBoardSchema, facilitiesSchema, specialistsSchema } from '@medsync/protocol'
import { queryOptions, type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import * as z from 'zod'
import { callGateway } from '../session/callGateway.ts'

/** GET /hospital/allocation: who is offered which place, and why. */
export const allocationQuery = queryOptions({
  queryKey: ['mine', 'allocation', 'board'],
  queryFn: ({ signal }) => callGateway({ path: '/hospital/allocation', answer: allocationBoardSchema, signal }),
})

/** GET /hospital/facilities: where the own hospital gives care. */
export const facilitiesQuery = queryOptions({
  queryKey: ['mine', 'allocation', 'facilities'],
  queryFn: async ({ signal }) => (await callGateway({ path: '/hospital/facilities', answer: facilitiesSchema, signal })).items,
})

/** GET /hospital/specialists: who gives it there, and when. */
export const specialistsQuery = queryOptions({
  queryKey: ['mine', 'allocation', 'specialists'],
  queryFn: async ({ signal }) => (await callGateway({ path: '/hospital/specialists', answer: specialistsSchema, signal })).items,
})

/** Something that changes places or who gives them. */
export type AllocationDeed = { readonly path: string; readonly method: 'POST' | 'PUT' | 'DELETE'; readonly body?: unknown }

/** Does it; whatever comes of it, the board is loaded again. */
export function useAllocationDeed(): UseMutationResult<unknown, Error, AllocationDeed> {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ path, method, body }: AllocationDeed) => callGateway({ path, method, body, answer: z.unknown() }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['mine', 'allocation'] }),
  })
}
