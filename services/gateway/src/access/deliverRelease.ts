import { createHash } from 'node:crypto'
import { UnknownEventError } from '@medsync/chain'
import { ContextUnavailableError } from '@medsync/context'
import type { AccountAddress, Felt, OrganisationId, Release } from '@medsync/protocol'
import type { Gateway } from '../composition.ts'
import { NotFoundError } from '../gatewayErrors.ts'
import { RequestError } from './accessErrors.ts'
import { confirmOnChain } from './confirmOnChain.ts'
import { isStillLinked } from './isStillLinked.ts'
import type { JournalEntry } from './journal.ts'
import { namesOf } from './namesOf.ts'
import type { KeptRelease } from './releases.ts'

/**
 * Hands out the sealed data of a settled request, to the account that asked. Every time the chain is asked again whether the consent
 * stands; once it has ended nothing leaves any more, and what was sealed is destroyed.
 * @throws {NotFoundError} The office made no such request, or its hospital is not served here.
 * @throws {RequestError} `request/other-requester`, `request/not-settled`, `release/destroyed`.
 * @throws {ChainUnavailableError | ChainUnreachableError | ContextUnavailableError} Then nothing leaves.
 * @throws {UnknownEventError} The chain told something of the consent that this version cannot read. Nothing leaves, nothing is destroyed.
 */
export async function deliverRelease(
  gateway: Gateway,
  { account, office, digest }: { account: AccountAddress; office: OrganisationId; digest: Felt },
): Promise<Release> {
  const { chain, tenants, journal, releases, context } = gateway
  chain.requireFresh()
  const request = requestOf(gateway, account, office, digest)
  if (request.state !== 'settled' || request.entry === undefined) throw new RequestError('request/not-settled')
  const tenant = tenants.find(request.hospital)
  const entry = tenant === undefined ? undefined : (await journal.byDigest(tenant.slug, [request.entry])).get(request.entry)
  const study = chain.state.pool.study(request.study)
  if (tenant === undefined || entry === undefined || study === undefined) throw new NotFoundError()
  const { commitment } = entry.details
  if (chain.state.consents.isInDoubt(request.patient, commitment)) throw new UnknownEventError(`about ${commitment}`)
  const { status } = chain.state.consents.accepted(request.patient, commitment)
  const filed = await context.termsByCommitment(commitment)
  // Settled under terms that are not to be found just now: that ends neither the consent nor the data.
  if (filed === undefined && status === 'active') throw new ContextUnavailableError()
  const { organisation: grantee, purposeIndex } = study.terms
  const decision = filed === undefined ? 'not-granted' : await confirmOnChain(chain.deployment, { filed, grantee, purposeIndex })
  if (decision !== 'permit') {
    // What is only pre-confirmed may yet be undone: it stops the delivery, and its block will destroy the data.
    if (status !== 'active' || decision === 'expired') await releases.destroy(tenant.slug, entry.digest)
    throw new RequestError('release/destroyed')
  }
  // The chain has the entry; that it does may not be written down yet.
  if (entry.state === 'intended') await journal.conclude(tenant.slug, namesOf(gateway, request), request.entry, request.answerTransaction)
  const release = await releases.find(tenant.slug, entry.digest)
  const isOfEntry = release !== undefined && isReleaseOf(release, entry)
  if (!isOfEntry || !(await isStillLinked(gateway.records, tenant.slug, request.patient, release))) {
    await releases.destroy(tenant.slug, entry.digest)
    throw new RequestError('release/destroyed')
  }
  const isCounted = await releases.countDelivery(tenant.slug, entry.digest)
  if (!isCounted || release.ciphertext === null || release.encapsulated === null) throw new RequestError('release/destroyed')
  return {
    digest,
    encapsulated: Buffer.from(release.encapsulated).toString('base64'),
    ciphertext: Buffer.from(release.ciphertext).toString('base64'),
    sha256: release.sha256,
  }
}

/** Whether the sealed data is what the entry on chain commits to, and not other data that was put in its place in the database. */
function isReleaseOf({ ciphertext, sha256 }: KeptRelease, { details }: JournalEntry): boolean {
  if (ciphertext === null) return true
  return sha256 === details.releaseSha256 && createHash('sha256').update(ciphertext).digest('hex') === details.releaseSha256
}

function requestOf({ chain }: Gateway, account: AccountAddress, office: OrganisationId, digest: Felt) {
  const { pool } = chain.state
  const own = pool.requestByDigest(account, digest)
  if (own !== undefined && pool.study(own.study)?.terms.organisation === office) return own
  for (const request of pool.requestsOfOffice(office)) {
    if (request.digest === digest) throw new RequestError('request/other-requester')
  }
  throw new NotFoundError()
}
