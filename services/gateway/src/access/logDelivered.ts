import { appendEntryCalls } from '@medsync/chain'
import { ChainUnavailableError } from '../gatewayErrors.ts'
import type { AnswerCase, AnswerOptions } from './answerCase.ts'
import type { JournalEntry } from './journal.ts'
import { namesOf } from './namesOf.ts'

/**
 * Writes the entry of data that has left although its settlement is no longer on the chain: after a reorganisation, when the consent ended
 * meanwhile and the request has to be refused. The access took place, so the patient's log has it.
 *
 * May be repeated: the log takes the same digest twice, so it is looked for first, up to the newest block and among what is pre-confirmed.
 * What remains: a gateway that is killed after the node has taken the transaction and before the node has executed it finds nothing at its
 * next start, and writes the entry a second time. Both name the same access, and neither is paid for.
 * @returns Whether the log has it; false while it is only pre-confirmed: come again.
 * @throws {ChainUnavailableError} What the log has could not be read.
 */
export async function logDelivered(options: AnswerOptions, { tenant, request }: AnswerCase, { digest }: JournalEntry): Promise<boolean> {
  const { chain, journal, queue, signal } = options
  const { hospital, patient } = request
  if (!(await chain.refresh())) throw new ChainUnavailableError('chain/behind')
  const { logs } = chain.state
  const known = logs.entry(hospital, patient, digest)?.transaction
  if (known === undefined && logs.isPending(hospital, patient, digest)) return false
  const calls = appendEntryCalls(chain.deployment, { patient, kind: 'access', digest })
  const transaction = known ?? (await queue.run('append', calls, { signal })).transaction
  await journal.conclude(tenant.slug, namesOf(options, request), digest, transaction)
  return true
}
