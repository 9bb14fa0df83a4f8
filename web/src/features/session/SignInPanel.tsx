import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import type { AccountAddress, Role } from '@medsync/protocol'
import { useMutation } from '@tanstack/react-query'
import { type JSX, useEffect, useState } from 'react'
import { shortenId } from '../../ui/format/shortenId.ts'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { useNetwork } from '../network/useNetwork.ts'
import { problemOf } from '../problem/problemOf.ts'
import { connectDevelopmentWallet } from '../wallet/developmentWallet.ts'
import { findWallets, type InjectedWallet } from '../wallet/findWallets.ts'
import { connectOwnWallet } from '../wallet/ownWallet.ts'
import styles from './SignInPanel.module.css'
import { signIn } from './signIn.ts'

/** Lets one sign in, with the development wallet on the local network or with a wallet of one's own. */
export function SignInPanel({ portal }: { readonly portal: Role }): JSX.Element {
  const { developmentAccounts } = useNetwork()
  const hasDevelopment = developmentAccounts.length > 0
  return (
    <div className={styles.panels}>
      {hasDevelopment && <DevelopmentSignIn portal={portal} />}
      <OwnSignIn isSecondary={hasDevelopment} />
    </div>
  )
}

function DevelopmentSignIn({ portal: role }: { readonly portal: Role }): JSX.Element {
  const network = useNetwork()
  const offered = network.developmentAccounts.filter(({ portal }) => portal === role)
  const [chosen, setChosen] = useState<AccountAddress | undefined>(offered[0]?.address)
  const attempt = useMutation({
    mutationFn: async (address: AccountAddress) => signIn(network, await connectDevelopmentWallet(network, address)),
  })
  return (
    <Panel
      title="Try it with a development account"
      note="This is the local network: its accounts are for everyone, hold play money, and sign without asking. Never use it for anything real."
    >
      <Stack>
        <Radio.Group label="Sign in as" value={chosen ?? ''} onChange={(address) => setChosen(address as AccountAddress)}>
          <div className={styles.accounts}>
            {offered.map(({ address, label }) => (
              <Radio.Card key={address} value={address} className={styles.account ?? ''}>
                <Group gap="sm" wrap="nowrap">
                  <Radio.Indicator />
                  <span>
                    <strong>{label}</strong>
                    <br />
                    <code>{shortenId(address)}</code>
                  </span>
                </Group>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
        {attempt.error !== null && <ProblemNotice problem={problemOf(attempt.error)} />}
        <div>
          <Button
            size="md"
            disabled={chosen === undefined}
            loading={attempt.isPending}
            onClick={() => chosen !== undefined && attempt.mutate(chosen)}
          >
            Sign in
          </Button>
        </div>
      </Stack>
    </Panel>
  )
}

function OwnSignIn({ isSecondary }: { readonly isSecondary: boolean }): JSX.Element {
  const network = useNetwork()
  const wallets = useWallets()
  const attempt = useMutation({ mutationFn: async (wallet: InjectedWallet) => signIn(network, await connectOwnWallet(network, wallet)) })
  return (
    <Panel
      title="Use your own wallet"
      quiet={isSecondary}
      note="A Starknet wallet in your browser, such as Ready or Braavos. You sign one message; it moves no money and grants nothing."
    >
      <Stack gap="sm">
        {wallets.length === 0 && (
          <Notice>No Starknet wallet was found in this browser. Install one, unlock it, and it appears here by itself.</Notice>
        )}
        {wallets.map((wallet) => (
          <div key={wallet.id}>
            <Button
              variant={isSecondary ? 'default' : 'filled'}
              loading={attempt.isPending && attempt.variables === wallet}
              onClick={() => attempt.mutate(wallet)}
            >
              Sign in with {wallet.name}
            </Button>
          </div>
        ))}
        {attempt.error !== null && <ProblemNotice problem={problemOf(attempt.error)} />}
        <Text size="sm" c="dimmed">
          Lost the wallet? Nobody, MedSync included, can sign in its place.
        </Text>
      </Stack>
    </Panel>
  )
}

/** The wallets in this window; extensions may come late, so it looks again for a while. */
function useWallets(): readonly InjectedWallet[] {
  const [wallets, setWallets] = useState<readonly InjectedWallet[]>(() => findWallets(window as unknown as Record<string, unknown>))
  useEffect(() => {
    const look = (): void => {
      const found = findWallets(window as unknown as Record<string, unknown>)
      setWallets((before) => (found.length === before.length ? before : found))
    }
    const timer = setInterval(look, 1_000)
    return () => clearInterval(timer)
  }, [])
  return wallets
}
