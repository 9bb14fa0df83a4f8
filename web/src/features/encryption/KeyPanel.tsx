import { Button, Group, Stack } from '@mantine/core'
import type { JSX } from 'react'
import { Facts } from '../../ui/Facts.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ShortId } from '../../ui/ShortId.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { useRequireSecret } from '../secret/useSecret.tsx'
import { TransactionButton } from '../transactions/TransactionButton.tsx'
import { TransactionStatus } from '../transactions/TransactionStatus.tsx'
import { type KeyStanding, useEncryptionKey } from './useEncryptionKey.ts'
import { usePublishKey } from './usePublishKey.ts'

const pills: Record<KeyStanding, JSX.Element | undefined> = {
  loading: undefined,
  none: <StatusPill tone="waiting">Not published</StatusPill>,
  published: <StatusPill tone="good">Published</StatusPill>,
  own: <StatusPill tone="good">Published, and yours</StatusPill>,
  other: <StatusPill tone="bad">Another key is published</StatusPill>,
}

/** The key that hospitals seal data to: publish it, see whether the published one is the wallet's own. */
export function KeyPanel(): JSX.Element {
  const { standing, published, own, error } = useEncryptionKey()
  const { transaction, publish } = usePublishKey()
  const requireSecret = useRequireSecret()
  return (
    <Panel
      title="Your encryption key"
      note="Hospitals seal data to this key; only your wallet can make the other half of it. It belongs to your account, not to your office."
      aside={pills[standing]}
    >
      <Stack>
        {error !== null && error !== undefined && <ProblemNotice problem={problemOf(error)} />}
        {standing === 'none' && <Notice kind="info">Without a published key no hospital can send you anything. Publish it once.</Notice>}
        {standing === 'other' && (
          <Notice kind="warning" title="The published key is not the one your wallet makes">
            Data sealed to the published key cannot be opened with this wallet. Publish your own; requests from then on are sealed to it.
          </Notice>
        )}
        <Facts
          rows={[
            published !== undefined && ['On the chain', <ShortId key="published" id={published} kind="published key" />],
            own !== undefined && ['Of your wallet', <ShortId key="own" id={own} kind="own key" />],
          ]}
        />
        <Group>
          {(standing === 'none' || standing === 'other') && (
            <TransactionButton state={transaction.state} pending="Publishing…" onClick={publish}>
              {standing === 'none' ? 'Publish my key' : 'Publish my own key instead'}
            </TransactionButton>
          )}
          {standing === 'published' && (
            <Button variant="default" onClick={() => void requireSecret().catch(() => undefined)}>
              Check that it is mine
            </Button>
          )}
        </Group>
        <TransactionStatus state={transaction.state} />
      </Stack>
    </Panel>
  )
}
