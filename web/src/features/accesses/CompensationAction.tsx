import { felt, requestIdSchema } from '@medsync/protocol'
import type { JSX } from 'react'
import { formatAmount } from '../../ui/format/formatAmount.ts'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { useTokenOf } from '../network/useToken.ts'
import { TransactionButton } from '../transactions/TransactionButton.tsx'
import { TransactionStatus } from '../transactions/TransactionStatus.tsx'
import { useTransaction } from '../transactions/useTransaction.ts'
import { useCompensation } from './useCompensation.ts'

/** What becomes of the bond for a patient whose dispute was upheld, and the button that puts it among the rewards. */
export function CompensationAction({ reference }: { readonly reference: number }): JSX.Element | null {
  const network = useNetwork()
  const tokenOf = useTokenOf()
  const transaction = useTransaction(`compensate:${reference}`)
  const { data } = useCompensation(reference)
  if (data === undefined || data === null) return null
  const amount = formatAmount(data.amount, tokenOf(felt(data.token)))
  const start = (): void =>
    void transaction.run(`Credit ${amount} of the bond`, async () =>
      (await loadChain()).compensatePatientCalls(network, { request: requestIdSchema.parse(reference) }),
    )
  return (
    <div data-compensation={data.state}>
      {data.state === 'waiting' && <p>The study gave a bond of {amount}; you get your part when it is closed.</p>}
      {data.state === 'credited' && <p>Your part of the bond, {amount}, stands among your rewards.</p>}
      {data.state === 'due' && (
        <TransactionButton color="honey" state={transaction.state} pending="Crediting…" onClick={start}>
          Get {amount} of the bond
        </TransactionButton>
      )}
      <TransactionStatus state={transaction.state} />
    </div>
  )
}
