import {
  type AccountQueue,
  appendEntryCalls,
  expireRequestCalls,
  type Receipt,
  readRequest,
  refuseRequestCalls,
  settleRequestCalls,
} from '@medsync/chain'
import { ContractError, type Decision, type EntryDetails, type ErrorCode } from '@medsync/protocol'
import type { KnownRequest, KnownStudy } from '../chain/poolState.ts'
import type { EventHub } from '../events/eventHub.ts'
import type { Tenant } from '../tenants/tenants.ts'
import { confirmOnChain, openingOf } from './confirmOnChain.ts'
import { isStillLinked } from './isStillLinked.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { type Judgement, type JudgeOptions, judgeRequest, refusal } from './judgeRequest.ts'
import type { Releases } from './releases.ts'

/** What answering needs. */
export type AnswerOptions = JudgeOptions & {
  readonly journal: Journal
  readonly releases: Releases
  readonly events: EventHub
  /** Signs for the hospital. */
  readonly queue: AccountQueue
}

/** What one try came to; `again` is worth another one, later. */
export type Outcome = { readonly kind: 'answered' | 'concluded' | 'expired' } | { readonly kind: 'again'; readonly inMs: number }

/** A filing wakes the worker; this is for the time of the chain, which may run ahead of the machine's. */
const LONGEST_WAIT_MS = 5_000
const SOON: Outcome = { kind: 'again', inMs: 1_000 }
/** The longest and the shortest time before its end at which a request without details is refused. */
const LAST_MOMENT_S = { most: 600, least: 15 }

/** Reverts of a settlement that mean "refuse it", and the decision they stand for. */
const DENIALS: Partial<Record<ErrorCode, Exclude<Decision, 'permit'>>> = {
  'Pool: consent not granted': 'not-granted',
  'Pool: consent revoked': 'revoked',
  'Pool: consent replaced': 'replaced',
  'Pool: consent not yet valid': 'not-yet-valid',
  'Pool: consent expired': 'expired',
  'Pool: other grantee': 'other-grantee',
  'Pool: other purpose': 'other-purpose',
  'Pool: not the office': 'not-granted',
}

/**
 * Answers one request that a hospital was asked, from wherever an earlier try stopped, however that stopped:
 * judge, write the journal (with the sealed data), then settle or refuse on chain, then write down what the chain has.
 * Whether an answer was given is the chain's to say; the journal only says what was meant. So a request is answered once, an entry has its
 * row, and nothing can leave before its entry is in a block.
 * @throws {ChainUnreachableError} Nothing was decided, or what was sent is not known to have arrived; try again.
 */
export async function answerRequest(options: AnswerOptions, tenant: Tenant, request: KnownRequest): Promise<Outcome> {
  if (request.state !== 'open') return await conclude(options, tenant, request)
  options.chain.requireFresh()
  const study = options.chain.state.pool.study(request.study)
  if (study === undefined) return SOON
  if (options.chain.nowS() >= request.expiresAtS) return await expireRequest(options, request)
  const entries = await options.journal.entriesOf(tenant.slug, request.digest)
  const standing = entries.filter((entry) => entry.state !== 'abandoned' && entry.request === request.request).at(-1)
  return standing === undefined ? await answerNew(options, tenant, request, study) : await resume(options, tenant, request, study, standing)
}

/** Gives an overdue request's price back to its study. Anyone may, so any account of ours does. */
export async function expireRequest(
  { chain, queue, signal }: Pick<AnswerOptions, 'chain' | 'queue' | 'signal'>,
  request: KnownRequest,
): Promise<Outcome> {
  try {
    await queue.run('expire', expireRequestCalls(chain.deployment, { request: request.request }), { signal })
  } catch (error) {
    if (!isContractError(error, 'Pool: request not expired', 'Pool: request not open')) throw error
  }
  chain.nudge()
  return { kind: 'again', inMs: 2_000 }
}

/** Writes down what the chain says became of a request. */
async function conclude({ journal }: AnswerOptions, tenant: Tenant, request: KnownRequest): Promise<Outcome> {
  await journal.conclude(tenant.slug, request.digest, request.entry, request.answerTransaction)
  return { kind: 'concluded' }
}

async function answerNew(options: AnswerOptions, tenant: Tenant, request: KnownRequest, study: KnownStudy): Promise<Outcome> {
  const filed = (await options.filedRequests.find(tenant.slug, [request.digest])).get(request.digest)
  if (filed === undefined) {
    const waitsS = lastMomentS(request, study) - options.chain.nowS()
    if (waitsS > 0) return { kind: 'again', inMs: Math.min(LONGEST_WAIT_MS, waitsS * 1_000) }
    return await answerWith(options, tenant, request, study, refusal('not-granted', 'request/mismatch'))
  }
  return await answerWith(options, tenant, request, study, await judgeRequest(options, { tenant, request, study, filed }))
}

/** Goes on with a decision that an earlier try wrote. */
async function resume(
  options: AnswerOptions,
  tenant: Tenant,
  request: KnownRequest,
  study: KnownStudy,
  entry: JournalEntry,
): Promise<Outcome> {
  const { deployment, journal, releases, context, signal } = options
  const now = await readRequest(deployment, request.request, { block: 'pre_confirmed', signal })
  if (now?.state !== 'open') {
    options.chain.nudge()
    return SOON
  }
  await journal.reopen(tenant.slug, entry.digest)
  if (entry.details.kind === 'refusal') return await send(options, tenant, request, study, entry)
  const release = await releases.find(tenant.slug, entry.digest)
  const filed = await context.termsByCommitment(entry.details.commitment, { signal })
  const claim =
    filed === undefined ? undefined : { filed, grantee: study.terms.organisation, purposeIndex: study.terms.purposeIndex, signal }
  const isPermitted = claim !== undefined && (await confirmOnChain(deployment, claim)) === 'permit'
  const isWhole =
    release !== undefined && release.state !== 'destroyed' && (await isStillLinked(options.records, tenant.slug, request.patient, release))
  if (isPermitted && isWhole) return await send(options, tenant, request, study, entry)
  if (typeof release?.firstDeliveredAtS === 'number') await logDelivered(options, tenant, request, entry)
  return await answerNew(options, tenant, request, study)
}

/**
 * Writes the entry of data that has left although its settlement is no longer on the chain: after a reorganisation, when the consent ended
 * meanwhile and the request has to be refused. The access took place, so the patient's log has it.
 */
async function logDelivered(
  { chain, queue, journal, signal }: AnswerOptions,
  tenant: Tenant,
  request: KnownRequest,
  entry: JournalEntry,
): Promise<void> {
  const calls = appendEntryCalls(chain.deployment, { patient: request.patient, kind: 'access', digest: entry.digest })
  const { transaction } = await queue.run('append', calls, { signal })
  await journal.conclude(tenant.slug, request.digest, entry.digest, transaction)
}

/** Writes the journal, with the sealed data when there is any, and then sends the answer. */
async function answerWith(
  options: AnswerOptions,
  tenant: Tenant,
  request: KnownRequest,
  study: KnownStudy,
  judgement: Judgement,
): Promise<Outcome> {
  const { journal, releases, watch } = options
  const details = entryDetails(request, study, judgement)
  const release =
    judgement.answer === 'refusal'
      ? undefined
      : {
          ...judgement.sealed,
          consentHash: releases.consentHash(tenant.slug, request.patient, judgement.filed.commitment),
          consentExpiresAtS: judgement.filed.terms.expiresAtS,
        }
  const reason = judgement.answer === 'refusal' ? judgement.reason : 'permit'
  const entry = await journal.intend(tenant.slug, { requestDigest: request.digest, details, reason, release })
  watch.lap('journalMs')
  tellProgress(options, request, study)
  return await send(options, tenant, request, study, entry)
}

/** Sends what the journal says, waits until it is in a block, and writes that down. */
async function send(
  options: AnswerOptions,
  tenant: Tenant,
  request: KnownRequest,
  study: KnownStudy,
  entry: JournalEntry,
): Promise<Outcome> {
  try {
    const { transaction } = await sendAnswer(options, request, study, entry)
    options.watch.lap('settleMs')
    await options.journal.conclude(tenant.slug, request.digest, entry.digest, transaction)
    options.watch.lap('concludeMs')
    options.chain.nudge()
    return { kind: 'answered' }
  } catch (error) {
    if (isContractError(error, 'Pool: request expired')) return await expireRequest(options, request)
    if (isContractError(error, 'Pool: request not open', 'Pool: other request', 'Log: already written')) {
      options.chain.nudge()
      return SOON
    }
    const denied = entry.details.kind === 'access' ? denialOf(error) : undefined
    if (denied === undefined) throw error
    return await answerWith(options, tenant, request, study, refusal(denied, denied, entry.details.commitment))
  }
}

async function sendAnswer(options: AnswerOptions, request: KnownRequest, study: KnownStudy, entry: JournalEntry): Promise<Receipt> {
  const { chain, context, queue, signal } = options
  const answer = { request: request.request, digest: request.digest, entry: entry.digest }
  if (entry.details.kind === 'refusal') return await queue.run('refuse', refuseRequestCalls(chain.deployment, answer), { signal })
  const filed = await context.termsByCommitment(entry.details.commitment, { signal })
  if (filed === undefined) throw new ContractError('Pool: consent not granted')
  const opening = openingOf(chain.deployment, filed)
  const { organisation: grantee, purposeIndex } = study.terms
  // Also a settlement that reverts publishes what it opened, so one that would is not sent.
  const decision = await confirmOnChain(chain.deployment, { filed, grantee, purposeIndex, signal })
  if (decision !== 'permit') throw new EndedMeanwhileError(decision)
  return await queue.run('settle', settleRequestCalls(chain.deployment, { ...answer, opening }), { signal })
}

/** The consent ended between the journal and the settlement. */
class EndedMeanwhileError extends Error {
  override readonly name = 'EndedMeanwhileError'
  readonly decision: Exclude<Decision, 'permit'>

  constructor(decision: Exclude<Decision, 'permit'>) {
    super(`The consent ended: ${decision}.`)
    this.decision = decision
  }
}

/** The denial that a failed settlement stands for; undefined when it is another failure. */
function denialOf(error: unknown): Exclude<Decision, 'permit'> | undefined {
  if (error instanceof EndedMeanwhileError) return error.decision
  return error instanceof ContractError ? DENIALS[error.code as ErrorCode] : undefined
}

function entryDetails(request: KnownRequest, study: KnownStudy, judgement: Judgement): EntryDetails {
  const asked = {
    hospital: request.hospital,
    patient: request.patient,
    grantee: study.terms.organisation,
    study: request.study,
    request: request.request,
    purposeIndex: study.terms.purposeIndex,
  }
  if (judgement.answer === 'refusal') {
    const nothing = { categories: [], dataFromS: 0, dataToS: 0, resourceCount: 0, releaseSha256: '' }
    return { kind: 'refusal', ...asked, commitment: judgement.commitment, decision: judgement.decision, ...nothing }
  }
  const { permit, filed, resourceCount, sealed } = judgement
  return {
    kind: 'access',
    ...asked,
    commitment: filed.commitment,
    decision: 'permit',
    categories: [...permit.categories],
    dataFromS: permit.dataFromS,
    dataToS: permit.dataToS,
    resourceCount,
    releaseSha256: sealed.sha256,
  }
}

/** Details may still come until shortly before the end; then a logged refusal is better than silence. */
function lastMomentS({ expiresAtS }: KnownRequest, { terms }: KnownStudy): number {
  return expiresAtS - Math.max(LAST_MOMENT_S.least, Math.min(LAST_MOMENT_S.most, Math.floor(terms.answerWithinS / 5)))
}

function tellProgress({ events }: AnswerOptions, { hospital, digest }: KnownRequest, { terms }: KnownStudy): void {
  for (const organisation of [hospital, terms.organisation]) {
    events.publish({ audience: { organisation }, event: { type: 'request.progress', digest } })
  }
}

function isContractError(error: unknown, ...codes: ErrorCode[]): boolean {
  return error instanceof ContractError && codes.some((code) => code === error.code)
}
