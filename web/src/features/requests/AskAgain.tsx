import type { RequestView } from '@medsync/protocol'
import type { JSX } from 'react'
import { TransactionButton } from '../transactions/TransactionButton.tsx'
import { TransactionStatus } from '../transactions/TransactionStatus.tsx'
import { useRequestAccess } from './useRequestAccess.ts'

/**
 * Makes the same request once more, under the same consent: for newer data, or after one that was not answered. Whether the consent still
 * stands is for the hospital and the chain to say; when it has ended, this is refused and the price comes back.
 */
export function AskAgain({ request: { digest, study, patient, hospital, asked } }: { readonly request: RequestView }): JSX.Element | null {
  const { transaction, request } = useRequestAccess(`again:${digest}`)
  if (asked === null) return null
  return (
    <div>
      <TransactionButton
        variant="default"
        state={transaction.state}
        pending="Requesting…"
        onClick={() => void request(study, [{ study, patient, hospital, ...asked }])}
      >
        Ask again
      </TransactionButton>
      <TransactionStatus state={transaction.state} />
    </div>
  )
}
