import { appendEntryCalls, isContractError } from '@medsync/chain'
import type { Felt } from '@medsync/protocol'
import type { AnswerCase, AnswerOptions } from './answerCase.ts'
import type { JournalEntry } from './journal.ts'

/**
 * Writes the entry of data that has left although its settlement is no longer on the chain: after a reorganisation, when the consent ended
 * meanwhile and the request has to be refused. The access took place, so the patient's log has it. May be repeated.
 */
export async function logDelivered(options: AnswerOptions, { tenant, request }: AnswerCase, { digest }: JournalEntry): Promise<void> {
  const known = options.chain.state.logs.entry(request.hospital, request.patient, digest)
  const transaction = known?.transaction ?? (await append(options, request, digest))
  await options.journal.conclude(tenant.slug, request.digest, digest, transaction)
}

async function append(
  { chain, queue, signal }: AnswerOptions,
  { patient }: AnswerCase['request'],
  digest: Felt,
): Promise<Felt | undefined> {
  try {
    return (await queue.run('append', appendEntryCalls(chain.deployment, { patient, kind: 'access', digest }), { signal })).transaction
  } catch (error) {
    if (isContractError(error, 'Log: already written')) return undefined
    throw error
  }
}
