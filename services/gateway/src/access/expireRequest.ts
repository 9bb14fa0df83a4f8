import { expireRequestCalls, isContractError } from '@medsync/chain'
import type { KnownRequest } from '../chain/poolState.ts'
import { type AnswerOptions, type Outcome, SOON } from './answerCase.ts'

/** Gives an overdue request's price back to its study. Anyone may, so any account of ours does. The event concludes it. */
export async function expireRequest(
  { chain, queue, signal }: Pick<AnswerOptions, 'chain' | 'queue' | 'signal'>,
  { request }: KnownRequest,
): Promise<Outcome> {
  try {
    await queue.run('expire', expireRequestCalls(chain.deployment, { request }), { signal })
  } catch (error) {
    if (!isContractError(error, 'Pool: request not expired', 'Pool: request not open')) throw error
  }
  chain.nudge()
  return SOON
}
