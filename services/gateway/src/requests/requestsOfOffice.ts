import type { OrganisationId, RequestView } from '@medsync/protocol'
import * as z from 'zod'
import type { Gateway } from '../composition.ts'
import { readCursor, writeCursor } from '../http/pageCursor.ts'
import { requestViews, type Subject } from './requestViews.ts'

/** Where the list goes on: among what was filed here, then among what was only made on chain. */
const placeSchema = z.object({ of: z.enum(['filed', 'chain']), after: z.number().int().nullable() })
type Place = z.output<typeof placeSchema>

/** All requests of a research office: first those whose details were filed here, newest first, then those that the chain alone has. */
export async function requestsOfOffice(
  gateway: Gateway,
  { office, tenant }: { office: OrganisationId; tenant: string },
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ items: RequestView[]; next: string | null }> {
  const place = readCursor(after, placeSchema) ?? { of: 'filed', after: null }
  const filed = place.of === 'filed' ? await filedPage(gateway, tenant, place.after, limit) : { subjects: [], next: null }
  if (filed.next !== null) return { items: await requestViews(gateway, filed.subjects, 'office'), next: writeCursor(filed.next) }
  const from = place.of === 'chain' ? place.after : null
  const rest = await chainPage(gateway, { office, tenant }, from, limit - filed.subjects.length)
  return {
    items: await requestViews(gateway, [...filed.subjects, ...rest.subjects], 'office'),
    next: rest.next === null ? null : writeCursor(rest.next),
  }
}

async function filedPage(
  { filedRequests, chain }: Gateway,
  tenant: string,
  after: number | null,
  limit: number,
): Promise<{ subjects: Subject[]; next: Place | null }> {
  const found = await filedRequests.list(tenant, { after, limit: limit + 1 })
  const shown = found.slice(0, limit)
  return {
    subjects: shown.map((filed) => ({
      digest: filed.digest,
      filed,
      known: chain.state.pool.requestByDigest(filed.details.requester, filed.digest),
    })),
    next: found.length > limit ? { of: 'filed', after: shown.at(-1)?.sequence ?? null } : null,
  }
}

async function chainPage(
  { chain, filedRequests }: Gateway,
  { office, tenant }: { office: OrganisationId; tenant: string },
  after: number | null,
  limit: number,
): Promise<{ subjects: Subject[]; next: Place | null }> {
  const known = chain.state.pool.requestsOfOffice(office, { before: after, limit: limit + 1 })
  const shown = known.slice(0, limit)
  const filed = await filedRequests.findReadable(
    tenant,
    shown.map(({ digest }) => digest),
  )
  return {
    subjects: shown.flatMap((one) => (filed.has(one.digest) ? [] : [{ digest: one.digest, known: one, filed: undefined }])),
    next: known.length > limit ? { of: 'chain', after: shown.at(-1)?.request ?? after } : null,
  }
}
