import { type CaseDetail, type CaseId, type CaseStatus, caseDetailSchema, casesSchema } from '@medsync/protocol'
import {
  type InfiniteData,
  infiniteQueryOptions,
  queryOptions,
  type UseMutationResult,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import * as z from 'zod'
import { callGateway } from '../session/callGateway.ts'

type CasesPage = z.output<typeof casesSchema>

const PAGE = 100

/** GET /hospital/cases, page by page, the most urgent first. `all` is every status. */
export function casesQuery(status: CaseStatus | 'all') {
  return infiniteQueryOptions({
    queryKey: ['mine', 'cases', 'list', status],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const wanted = new URLSearchParams({ limit: String(PAGE) })
      if (status !== 'all') wanted.set('status', status)
      if (pageParam !== null) wanted.set('after', pageParam)
      return callGateway({ path: `/hospital/cases?${wanted}`, answer: casesSchema, signal })
    },
    getNextPageParam: (page: CasesPage) => page.next,
  })
}

/** Cases whose work the private context has lost: each page names all of them. */
export function lostOf(data: InfiniteData<CasesPage> | undefined): CasesPage['lost'] {
  return data?.pages[0]?.lost ?? []
}

/** GET /hospital/cases/:case: a case with its evidence. */
export function caseQuery(caseId: string) {
  return queryOptions({
    queryKey: ['mine', 'cases', 'one', caseId],
    queryFn: ({ signal }) => callGateway({ path: `/hospital/cases/${encodeURIComponent(caseId)}`, answer: caseDetailSchema, signal }),
  })
}

/** What can be done with a case: the last part of its address. */
export type CaseDeed = 'observations' | 'notes' | 'confirmation' | 'override' | 'assessment' | 'status'

/** POST /hospital/cases/:case/…; whatever comes of it, the cases are loaded again. */
export function useCaseDeed(caseId: CaseId | CaseDetail['case'], deed: CaseDeed): UseMutationResult<unknown, Error, unknown> {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: unknown) =>
      callGateway({ path: `/hospital/cases/${encodeURIComponent(caseId)}/${deed}`, answer: z.unknown(), method: 'POST', body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['mine', 'cases'] }),
  })
}
