import { Button, Menu } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { ChevronDown, Copy, LogOut, UserRound } from 'lucide-react'
import type { JSX } from 'react'
import { shortenId } from '../../ui/format/shortenId.ts'
import { useNetwork, useOrganisationName } from '../network/useNetwork.ts'
import { secretStore } from '../secret/secretStore.ts'
import styles from './AccountMenu.module.css'
import { signOut } from './signIn.ts'
import { useSession } from './useSession.ts'

/** Who is signed in, and the way out. Forgets everything of the account in this tab. */
export function AccountMenu(): JSX.Element {
  const session = useSession()
  const queries = useQueryClient()
  const nameOf = useOrganisationName()
  const { developmentAccounts } = useNetwork()
  const label = developmentAccounts.find(({ address }) => address === session.account)?.label
  const leave = async (): Promise<void> => {
    await signOut()
    secretStore.set(undefined)
    queries.removeQueries({ queryKey: ['mine'] })
  }
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
        <Menu.Item leftSection={<LogOut size={15} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
