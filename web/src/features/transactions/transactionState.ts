import type { Felt } from '@medsync/protocol'
import type { Problem } from '../../ui/ProblemNotice.tsx'

/**
 * Where one action stands. Only `confirmed` says that it happened: a block holds it and it did not revert.
 * `sent` is signed and on its way; nothing may be shown as done before.
 */
export type TransactionState =
  | { readonly step: 'idle' }
  | { readonly step: 'preparing' }
  | { readonly step: 'wallet' }
  | { readonly step: 'sent'; readonly hash: Felt }
  | { readonly step: 'confirmed'; readonly hash: Felt; readonly blockNumber: number }
  | { readonly step: 'failed'; readonly problem: Problem; readonly hash?: Felt }

/** Whether the action is under way, so that its button must wait. */
export function isPending({ step }: TransactionState): boolean {
  return step === 'preparing' || step === 'wallet' || step === 'sent'
}
