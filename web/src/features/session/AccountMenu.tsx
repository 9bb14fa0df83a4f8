import { Button, Menu } from '@mantine/core'
import type { AccountAddress } from '@medsync/protocol'
import { useMutation } from '@tanstack/react-query'
import { ChevronDown, Copy, LogOut, UserRound } from 'lucide-react'
import type { JSX } from 'react'
import { shortenId } from '../../ui/format/shortenId.ts'
import { useNetwork, useOrganisationName } from '../network/useNetwork.ts'
import { useStore } from '../store/createStore.ts'
import { connectDevelopmentWallet } from '../wallet/developmentWallet.ts'
import { rememberedWallet, walletStore } from '../wallet/walletStore.ts'
import styles from './AccountMenu.module.css'
import { signIn, signOut } from './signIn.ts'
import { useSession } from './useSession.ts'

/** Who is signed in, the way out, and on the local network the way to another account of the same portal. */
export function AccountMenu(): JSX.Element {
  const session = useSession()
  const nameOf = useOrganisationName()
  const network = useNetwork()
  const { developmentAccounts } = network
  const label = developmentAccounts.find(({ address }) => address === session.account)?.label
  const others = developmentAccounts.filter(({ address, portal }) => portal === session.role && address !== session.account)
  const isDevelopment = useStore(walletStore)?.kind === 'development' || rememberedWallet() === 'development'
  const switchTo = useMutation({
    mutationFn: async (address: AccountAddress) => signIn(network, await connectDevelopmentWallet(network, address)),
  })
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<UserRound size={17} aria-hidden="true" />}
          rightSection={<ChevronDown size={15} aria-hidden="true" />}
        >
          <span className={styles.name}>{label ?? shortenId(session.account)}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {label !== undefined && (
            <>
              {label}
              <br />
            </>
          )}
          {session.organisation === null ? 'Signed in as a patient' : `Acting for ${nameOf(session.organisation)}`}
          <br />
          {shortenId(session.account)}
        </Menu.Label>
        <Menu.Item leftSection={<Copy size={15} />} onClick={() => void navigator.clipboard.writeText(session.account)}>
          Copy address
        </Menu.Item>
        <Menu.Item leftSection={<LogOut size={15} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
        {isDevelopment && others.length > 0 && (
          <>
            <Menu.Divider />
            <Menu.Label>Development wallet: go on as</Menu.Label>
            {others.map((other) => (
              <Menu.Item key={other.address} onClick={() => switchTo.mutate(other.address)}>
                {other.label}
              </Menu.Item>
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
