import { type Network, networkSchema, type OrganisationId, organisationSlug, organisationsSchema } from '@medsync/protocol'
import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { requestGateway } from '../gateway/requestGateway.ts'

/** GET /network; asked once, it does not change while the page is open. */
export const networkQuery = queryOptions({
  queryKey: ['public', 'network'],
  queryFn: ({ signal }) => requestGateway({ path: '/network', answer: networkSchema, signal }),
  staleTime: Number.POSITIVE_INFINITY,
})

/** The network that this gateway works on. Suspends until it is known. */
export function useNetwork(): Network {
  return useSuspenseQuery(networkQuery).data
}

/** GET /organisations: everyone who takes part. */
export const organisationsQuery = queryOptions({
  queryKey: ['public', 'organisations'],
  queryFn: async ({ signal }) => (await requestGateway({ path: '/organisations', answer: organisationsSchema, signal })).items,
  staleTime: 60_000,
})

/** The name of an organisation; its short id while the list is on its way, or when it is not in it. */
export function useOrganisationName(): (id: OrganisationId) => string {
  const { data } = useQuery(organisationsQuery)
  return useCallback((id) => data?.find(({ organisation }) => organisation === id)?.name ?? organisationSlug(id), [data])
}
