import { Button, Group } from '@mantine/core'
import type { Role } from '@medsync/protocol'
import { Fragment, type JSX, type ReactNode, useEffect } from 'react'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ShortId } from '../../ui/ShortId.tsx'
import { restoreSession } from './restoreSession.ts'
import { SignInPanel } from './SignInPanel.tsx'
import type { SignedOutReason } from './sessionStore.ts'
import { signOut } from './signIn.ts'
import { useSessionState } from './useSession.ts'

export type RequireRoleProps = {
  readonly portal: Role
  /** What this portal is for, shown to those who are not in yet. */
  readonly welcome: { readonly title: string; readonly lead: string }
  readonly children: ReactNode
}

const portalOf: Record<Role, { path: string; name: string }> = {
  patient: { path: '/patient', name: 'patient portal' },
  research: { path: '/research', name: 'research portal' },
  hospital: { path: '/hospital', name: 'hospital portal' },
}

/** Lets through who is signed in with the portal's role; everyone else is shown how to get in. */
export function RequireRole({ portal, welcome, children }: RequireRoleProps): JSX.Element {
  const state = useSessionState()
  useEffect(() => {
    if (state.status === 'restoring') void restoreSession()
  }, [state.status])
  if (state.status === 'restoring') return <ListSkeleton what="your session" />
  if (state.status === 'signed-out') {
    return (
      <Page title={welcome.title} lead={welcome.lead}>
        <SignedOutNotice reason={state.reason} />
        <SignInPanel portal={portal} />
      </Page>
    )
  }
  if (state.session.role !== portal) return <OtherRole portal={portal} actual={state.session.role} account={state.session.account} />
  // Another account starts with nothing of the last one's left on the page.
  return <Fragment key={state.session.account}>{children}</Fragment>
}

function SignedOutNotice({ reason }: { readonly reason: SignedOutReason }): JSX.Element | null {
  if (reason === 'ended') return <Notice kind="warning">Your session has ended. Sign in again to go on; nothing was lost.</Notice>
  if (reason === 'elsewhere') {
    return <Notice kind="warning">Another account signed in from this browser, in another tab. Sign in here to go on with yours.</Notice>
  }
  if (reason === 'signed-out') return <Notice kind="good">You are signed out.</Notice>
  return null
}

function OtherRole({ portal, actual, account }: { readonly portal: Role; readonly actual: Role; readonly account: string }): JSX.Element {
  return (
    <Page
      title={`This is the ${portalOf[portal].name}`}
      lead="Sign in with an account of this portal, or go to the one you are signed in for."
    >
      <Notice
        kind="warning"
        title="You are signed in with an account of another kind"
        action={
          <Group>
            <ButtonLink to={portalOf[actual].path}>Go to the {portalOf[actual].name}</ButtonLink>
            <Button variant="default" onClick={() => void signOut()}>
              Sign out
            </Button>
          </Group>
        }
      >
        Account <ShortId id={account} kind="address" /> belongs in the {portalOf[actual].name}. What an account may do is kept on the chain,
        not chosen here.
      </Notice>
      <SignInPanel portal={portal} />
    </Page>
  )
}
