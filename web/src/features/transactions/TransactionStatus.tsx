import { Loader } from '@mantine/core'
import { CircleCheck } from 'lucide-react'
import type { JSX } from 'react'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { TransactionLink } from './TransactionLink.tsx'
import styles from './TransactionStatus.module.css'
import type { TransactionState } from './transactionState.ts'

/** Where an action stands, in words, said to a screen reader as it changes. Empty while nothing was started. */
export function TransactionStatus({ state }: { readonly state: TransactionState }): JSX.Element {
  return (
    <div aria-live="polite">
      {state.step === 'failed' ? (
        <>
          <ProblemNotice problem={state.problem} />
          {state.hash !== undefined && (
            <p className={styles.line}>
              <span>
                See the <TransactionLink hash={state.hash}>failed transaction</TransactionLink>.
              </span>
            </p>
          )}
        </>
      ) : (
        <Line state={state} />
      )}
    </div>
  )
}

function Line({ state }: { readonly state: Exclude<TransactionState, { step: 'failed' }> }): JSX.Element | null {
  if (state.step === 'idle') return null
  const Icon =
    state.step === 'confirmed' ? (
      <CircleCheck size={18} className={styles.good} aria-hidden="true" />
    ) : (
      <Loader size={16} aria-hidden="true" />
    )
  return (
    <p className={styles.line}>
      {Icon}
      <span>
        {state.step === 'preparing' && 'Preparing…'}
        {state.step === 'wallet' && 'Waiting for your wallet…'}
        {state.step === 'sent' && (
          <>
            Sent, waiting for a block: <TransactionLink hash={state.hash} />
          </>
        )}
        {state.step === 'confirmed' && (
          <>
            Done, confirmed in block {state.blockNumber}: <TransactionLink hash={state.hash} />
          </>
        )}
      </span>
    </p>
  )
}
