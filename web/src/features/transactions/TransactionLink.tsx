import { Anchor } from '@mantine/core'
import type { Felt } from '@medsync/protocol'
import { ExternalLink } from 'lucide-react'
import type { JSX, ReactNode } from 'react'
import { shortenId } from '../../ui/format/shortenId.ts'
import { TextLink } from '../../ui/TextLink.tsx'
import { useNetwork } from '../network/useNetwork.ts'

/** Leads to a transaction: the network's explorer when it has one, else our own page that shows its receipt. */
export function TransactionLink({ hash, children }: { readonly hash: Felt; readonly children?: ReactNode }): JSX.Element {
  const { transactionUrl } = useNetwork()
  const text = children ?? `transaction ${shortenId(hash)}`
  if (transactionUrl === null) return <TextLink to={`/transactions/${hash}`}>{text}</TextLink>
  return (
    <Anchor href={transactionUrl.replace('{hash}', hash)} target="_blank" rel="noreferrer" inherit>
      {text} <ExternalLink size={13} aria-label="(opens in a new tab)" />
    </Anchor>
  )
}
