import { isContractError, type Receipt, refuseRequestCalls, settleRequestCalls } from '@medsync/chain'
import { ContextUnavailableError } from '@medsync/context'
import { ContractError, type Decision, type EntryDetails, type ErrorCode } from '@medsync/protocol'
import { type AnswerCase, type AnswerOptions, LATER, type Outcome, SOON } from './answerCase.ts'
import { openingOf } from './confirmOnChain.ts'
import { entryDetailsOf } from './entryDetailsOf.ts'
import { expireRequest } from './expireRequest.ts'
import type { JournalEntry } from './journal.ts'
import { type Answer, refusal } from './judgeRequest.ts'
import { namesOf } from './namesOf.ts'

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

/** Writes the journal, with the sealed data when there is any, and then sends the answer. */
export async function giveAnswer(options: AnswerOptions, theCase: AnswerCase, judgement: Answer): Promise<Outcome> {
  const { journal, releases, watch } = options
  const { tenant, request } = theCase
  const release =
    judgement.answer === 'refusal'
      ? undefined
      : {
          ...judgement.sealed,
          consentHash: releases.consentHash(tenant.slug, request.patient, judgement.filed.commitment),
          consentExpiresAtS: judgement.filed.terms.expiresAtS,
        }
  const details: EntryDetails = entryDetailsOf(theCase, judgement)
  const reason = judgement.answer === 'refusal' ? judgement.reason : 'permit'
  const entry = await journal.intend(tenant.slug, { ...namesOf(options, request), details, reason, release })
  watch.lap('journalMs')
  tellProgress(options, theCase)
  return await sendAnswer(options, theCase, entry)
}

/** Sends what the journal says, waits until it is in a block, and writes that down. */
export async function sendAnswer(options: AnswerOptions, theCase: AnswerCase, entry: JournalEntry): Promise<Outcome> {
  const { chain, journal, watch } = options
  const { tenant, request } = theCase
  try {
    const { transaction } = await send(options, theCase, entry)
    watch.lap('settleMs')
    await journal.conclude(tenant.slug, namesOf(options, request), entry.digest, transaction)
    watch.lap('concludeMs')
    chain.nudge()
    return { kind: 'answered' }
  } catch (error) {
    if (isContractError(error, 'Pool: request expired')) return await expireRequest(options, request)
    if (isContractError(error, 'Pool: request not open', 'Pool: other request')) {
      chain.nudge()
      return SOON
    }
    if (isContractError(error, 'Pool: paused', 'Pool: cohort too small')) {
      chain.nudge()
      return LATER
    }
    const denied = error instanceof ContractError && entry.details.kind === 'access' ? DENIALS[error.code as ErrorCode] : undefined
    if (denied === undefined) throw error
    return await giveAnswer(options, theCase, refusal(denied, denied, entry.details.commitment))
  }
}

async function send({ chain, context, queue, signal }: AnswerOptions, { request }: AnswerCase, entry: JournalEntry): Promise<Receipt> {
  const answer = { request: request.request, digest: request.digest, entry: entry.digest }
  if (entry.details.kind === 'refusal') return await queue.run('refuse', refuseRequestCalls(chain.deployment, answer), { signal })
  const filed = await context.termsByCommitment(entry.details.commitment, { signal })
  if (filed === undefined) throw new ContextUnavailableError()
  const opening = openingOf(chain.deployment, filed)
  return await queue.run('settle', settleRequestCalls(chain.deployment, { ...answer, opening }), { signal })
}

function tellProgress({ events }: AnswerOptions, { request: { hospital, digest }, study }: AnswerCase): void {
  for (const organisation of [hospital, study.terms.organisation]) {
    events.publish({ audience: { organisation }, event: { type: 'request.progress', digest } })
  }
}
