import { type AccountAddress, type fileRequestBodySchema, type OrganisationId, requestDigest } from '@medsync/protocol'
import type * as z from 'zod'
import { RequestError } from '../access/accessErrors.ts'
import type { Gateway } from '../composition.ts'
import { NotFoundError } from '../gatewayErrors.ts'
import type { Tenant } from '../tenants/tenants.ts'

/** Details of a request as a researcher files them. */
export type FileRequestBody = z.output<typeof fileRequestBodySchema>

/**
 * Gives a hospital the details of a request, before or after it is made on chain; the office keeps a copy. Filing asks for nothing: only
 * the chain does. The same again gives the same answer.
 * @throws {RequestError} `request/other-requester`, `request/mismatch` (digest, or a study of another office), `request/no-key`.
 * @throws {NotFoundError} The hospital is not served here, or there is no such study.
 */
export async function fileRequest(
  gateway: Gateway,
  { account, office, tenant }: { account: AccountAddress; office: OrganisationId; tenant: Tenant },
  { details, salt, digest }: FileRequestBody,
): Promise<void> {
  const { chain, tenants, filedRequests } = gateway
  if (details.requester !== account) throw new RequestError('request/other-requester')
  if (requestDigest(details, salt) !== digest) throw new RequestError('request/mismatch')
  const isKnown = (): boolean =>
    chain.state.pool.study(details.study) !== undefined && chain.state.participants.keyOf(account) !== undefined
  // Study or key may be a second old: the portal files as soon as its transaction is in a block.
  if (!isKnown()) await chain.refresh()
  const study = chain.state.pool.study(details.study)
  if (study === undefined) throw new NotFoundError('input/not-found', 'study')
  if (study.terms.organisation !== office) throw new RequestError('request/mismatch')
  const hospital = tenants.find(details.hospital)
  if (hospital?.role !== 'hospital') throw new NotFoundError('input/not-found', 'hospital')
  if (chain.state.participants.keyOf(account) === undefined) throw new RequestError('request/no-key')
  await filedRequests.file(hospital.slug, { digest, details, salt })
  await filedRequests.file(tenant.slug, { digest, details, salt })
  gateway.access.wake()
}
