import { type Deployment, readEncryptionKey } from '@medsync/chain'
import type { FiledTerms, PrivateContext } from '@medsync/context'
import { type Decision, type Felt, MedsyncError, releaseInfo, requestDigest, ZERO } from '@medsync/protocol'
import type { FollowedChain } from '../chain/followedChain.ts'
import type { KnownRequest, KnownStudy } from '../chain/poolState.ts'
import { OneByOne } from '../context/oneByOne.ts'
import type { KeyRing } from '../keys/keyRing.ts'
import { disclose, type Permit } from '../records/disclose.ts'
import type { Records } from '../records/records.ts'
import type { FiledRequest, FiledRequests } from '../requests/filedRequests.ts'
import type { Tenant } from '../tenants/tenants.ts'
import { RequestError } from './accessErrors.ts'
import { confirmOnChain } from './confirmOnChain.ts'
import { decideAccess } from './decideAccess.ts'
import { holdOf } from './holdOf.ts'
import { maxOpenedBytes, type ReleaseLimits } from './releaseLimits.ts'
import { type SealedBundle, sealRelease } from './sealRelease.ts'
import type { Stopwatch } from './stopwatch.ts'

const BUILDING = new OneByOne<'release'>()

/** What a hospital answers: data, sealed and ready; or no, and why. */
export type Answer =
  | {
      readonly answer: 'access'
      readonly permit: Permit
      readonly filed: FiledTerms
      readonly resourceCount: number
      readonly sealed: SealedBundle
    }
  | { readonly answer: 'refusal'; readonly decision: Exclude<Decision, 'permit'>; readonly reason: string; readonly commitment: Felt }

/** An answer, or none yet: it is permitted and something holds up every settlement of the study, or its terms have not come. */
export type Judgement = Answer | { readonly answer: 'later' }

/** What judging needs. */
export type JudgeOptions = {
  readonly deployment: Deployment
  readonly chain: FollowedChain
  readonly context: PrivateContext
  readonly filedRequests: FiledRequests
  readonly records: Records
  readonly keys: KeyRing
  readonly releaseLimits: ReleaseLimits
  /** Counts work that may be too much for the process before it starts; see `RequestJobs.guard`. */
  readonly guard?: <T>(work: () => Promise<T>) => Promise<T>
  readonly signal: AbortSignal
  readonly watch: Stopwatch
}

/** The question that a hospital is asked. */
export type Question = {
  readonly tenant: Tenant
  readonly request: KnownRequest
  readonly study: KnownStudy
  readonly filed: FiledRequest /** No time is left to wait for anything. */
  readonly isLastMoment: boolean
}

/**
 * Judges a request: do its details belong to it, does a consent permit it here and now, is there anything to give, and a key to seal it to?
 * What is asked beyond the consent is left out, never added. Changes nothing.
 * @throws {ChainUnreachableError} Then nothing may be said.
 */
export async function judgeRequest(options: JudgeOptions, question: Question): Promise<Judgement> {
  const { request, study, filed } = question
  if (!belongs(request, filed)) return refusal('not-granted', 'request/mismatch')
  const { details } = filed
  const { organisation: grantee, purposeIndex } = study.terms
  const {
    ruling,
    filed: terms,
    isAwaited,
  } = await decideAccess(options, { ...details, custodian: request.hospital, grantee, purposeIndex })
  if (isAwaited && !question.isLastMoment) return { answer: 'later' }
  const commitment = terms?.commitment ?? ZERO
  if (ruling.decision !== 'permit') return refusal(ruling.decision, ruling.decision, commitment)
  if (terms === undefined) return refusal('not-granted', 'not-granted')
  const confirmed = await confirmOnChain(options.deployment, { filed: terms, grantee, purposeIndex, signal: options.signal })
  if (confirmed !== 'permit') return refusal(confirmed, confirmed, commitment)
  options.watch.lap('decideMs')
  if (holdOf(options.chain.state.pool, request) !== undefined) return { answer: 'later' }
  return await prepare(options, question, ruling, terms)
}

/** Refuses with a decision that stands on chain in the entry's digest, and a reason for people. */
export function refusal(decision: Exclude<Decision, 'permit'>, reason: string, commitment: Felt = ZERO): Answer {
  return { answer: 'refusal', decision, reason, commitment }
}

/** Opens and filters the record, and seals what is left. */
async function prepare(options: JudgeOptions, question: Question, permit: Permit, filed: FiledTerms): Promise<Answer> {
  const { deployment, records, keys, releaseLimits, signal, watch, guard = (work) => work() } = options
  const { tenant, request, study } = question
  const linked = await records.recordAt(tenant.slug, request.patient)
  if (linked === undefined) return refusal('outside-categories', 'record/not-linked', filed.commitment)
  const key = await readEncryptionKey(deployment, request.requester, { signal })
  if (key === undefined) return refusal('not-granted', 'request/no-key')
  const pseudonymKey = keys.ofTenant(tenant.slug, `pseudonym|${study.study}|${linked.record}`)
  const info = releaseInfo(deployment.chainId, deployment.contracts.rewardPool, request.digest)
  try {
    // A record in clear is the largest thing in memory here: there is one at a time.
    return await BUILDING.run('release', () =>
      guard(async () => {
        signal.throwIfAborted()
        const opened = await records.openForRelease(tenant.slug, linked.record, permit.categories, {
          maxBytes: maxOpenedBytes(releaseLimits),
        })
        const bundle = await disclose(opened, permit, pseudonymKey)
        watch.lap('openMs')
        if (bundle.entry.length === 0) return refusal('outside-categories', 'outside-categories', filed.commitment)
        const sealed = await sealRelease(bundle, key, info, releaseLimits)
        watch.lap('sealMs')
        return { answer: 'access', permit, filed, resourceCount: bundle.entry.length, sealed }
      }),
    )
  } catch (error) {
    // It would be too large at every try, so the price goes back at once, and the researcher may ask for less.
    if (error instanceof MedsyncError && error.code === 'release/too-large') return refusal('not-released', error.code, filed.commitment)
    if (error instanceof RequestError) return refusal('not-granted', error.code)
    throw error
  }
}

/** Whether filed details are those of the request on chain, in every field. */
function belongs(request: KnownRequest, { details, salt, digest }: FiledRequest): boolean {
  return (
    requestDigest(details, salt) === request.digest &&
    digest === request.digest &&
    details.study === request.study &&
    details.requester === request.requester &&
    details.patient === request.patient &&
    details.hospital === request.hospital
  )
}
