import { readRequest } from '@medsync/chain'
import type { KnownRequest } from '../chain/poolState.ts'
import type { Tenant } from '../tenants/tenants.ts'
import { type AnswerCase, type AnswerOptions, LATER, type Outcome, SOON } from './answerCase.ts'
import { confirmOnChain } from './confirmOnChain.ts'
import { expireRequest } from './expireRequest.ts'
import { giveAnswer, sendAnswer } from './giveAnswer.ts'
import { holdOf } from './holdOf.ts'
import { isStillLinked } from './isStillLinked.ts'
import type { JournalEntry } from './journal.ts'
import { judgeRequest, refusal } from './judgeRequest.ts'
import { logDelivered } from './logDelivered.ts'
import { namesOf } from './namesOf.ts'
import type { KeptRelease } from './releases.ts'

/** The longest and the shortest time before its end at which a request without details is refused. */
const LAST_MOMENT_S = { most: 600, least: 15 }

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
  // Also when its study cannot be read: the price goes back in time.
  if (options.chain.nowS() >= request.expiresAtS) return await expireRequest(options, request)
  const study = options.chain.state.pool.study(request.study)
  if (study === undefined) return LATER
  const entries = await options.journal.entriesOf(tenant.slug, request.digest)
  const standing = entries.filter((entry) => entry.state !== 'abandoned' && entry.request === request.request).at(-1)
  const theCase = { tenant, request, study }
  return standing === undefined ? await answerNew(options, theCase) : await resume(options, theCase, standing)
}

/** Writes down what the chain says became of a request. */
async function conclude(options: AnswerOptions, tenant: Tenant, request: KnownRequest): Promise<Outcome> {
  await options.journal.conclude(tenant.slug, namesOf(options, request), request.entry, request.answerTransaction)
  return { kind: 'concluded' }
}

async function answerNew(options: AnswerOptions, theCase: AnswerCase): Promise<Outcome> {
  const { tenant, request } = theCase
  if (options.isToRefuse === true) return await giveAnswer(options, theCase, refusal('not-released', 'request/refused-by-staff'))
  const filed = (await options.filedRequests.find(tenant.slug, [request.digest])).get(request.digest)
  const waitsS = lastMomentS(theCase) - options.chain.nowS()
  if (filed !== undefined) {
    const judgement = await judgeRequest(options, { ...theCase, filed, isLastMoment: waitsS <= 0 })
    return judgement.answer === 'later' ? LATER : await giveAnswer(options, theCase, judgement)
  }
  if (waitsS > 0) return { kind: 'again', inMs: Math.min(LATER.inMs, waitsS * 1_000) }
  return await giveAnswer(options, theCase, refusal('not-granted', 'request/mismatch'))
}

/** Goes on with a decision that an earlier try wrote. */
async function resume(options: AnswerOptions, theCase: AnswerCase, entry: JournalEntry): Promise<Outcome> {
  const { deployment, chain, journal, releases, signal } = options
  const { tenant, request } = theCase
  const now = await readRequest(deployment, request.request, { block: 'pre_confirmed', signal })
  if (now?.state !== 'open') {
    chain.nudge()
    return SOON
  }
  await journal.reopen(tenant.slug, entry.digest)
  if (entry.details.kind === 'refusal') return await sendAnswer(options, theCase, entry)
  const release = await releases.find(tenant.slug, entry.digest)
  if (options.isToRefuse !== true && (await mayStillLeave(options, theCase, entry, release))) {
    return holdOf(chain.state.pool, request) === undefined ? await sendAnswer(options, theCase, entry) : LATER
  }
  if (typeof release?.firstDeliveredAtS === 'number' && !(await logDelivered(options, theCase, entry))) return SOON
  return await answerNew(options, theCase)
}

/** Whether what an earlier try permitted and sealed is still permitted, there, and the right patient's. */
async function mayStillLeave(
  { deployment, context, records, signal }: AnswerOptions,
  { tenant, request, study }: AnswerCase,
  { details }: JournalEntry,
  release: KeptRelease | undefined,
): Promise<boolean> {
  const filed = await context.termsByCommitment(details.commitment, { signal })
  if (filed === undefined || release === undefined || release.state === 'destroyed') return false
  if (!(await isStillLinked(records, tenant.slug, request.patient, release))) return false
  const { organisation: grantee, purposeIndex } = study.terms
  return (await confirmOnChain(deployment, { filed, grantee, purposeIndex, signal })) === 'permit'
}

/** Details may still come until shortly before the end; then a logged refusal is better than silence. */
function lastMomentS({ request, study }: AnswerCase): number {
  const { most, least } = LAST_MOMENT_S
  return request.expiresAtS - Math.max(least, Math.min(most, Math.floor(study.terms.answerWithinS / 5)))
}
