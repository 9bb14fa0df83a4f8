import { MantineThemeProvider } from '@mantine/core'
import type { Role } from '@medsync/protocol'
import { Ellipsis, type LucideIcon, X } from 'lucide-react'
import { type JSX, Suspense, useEffect, useId, useState } from 'react'
import { Link, NavLink, Outlet, useLocation } from 'react-router'
import { ConnectionState } from '../../features/live/ConnectionState.tsx'
import { LiveEvents } from '../../features/live/LiveEvents.tsx'
import { ReachBanner } from '../../features/live/ReachBanner.tsx'
import { SecretProvider } from '../../features/secret/useSecret.tsx'
import { AccountMenu } from '../../features/session/AccountMenu.tsx'
import { RequireRole } from '../../features/session/RequireRole.tsx'
import { useSessionState } from '../../features/session/useSession.ts'
import { ActivityTray } from '../../features/transactions/ActivityTray.tsx'
import { Brand } from '../../ui/Brand.tsx'
import { ColourSchemeButton } from '../../ui/ColourSchemeButton.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { NetworkFoot } from './NetworkFoot.tsx'
import styles from './PortalFrame.module.css'

export type PortalPage = { readonly to: string; readonly label: string; readonly icon: LucideIcon; readonly end?: boolean }

export type PortalFrameProps = {
  readonly portal: Role
  readonly name: string
  readonly pages: readonly PortalPage[]
  readonly welcome: { readonly title: string; readonly lead: string }
}

const accents = { patient: 'pine', research: 'plum', hospital: 'ocean' } as const satisfies Record<Role, string>

/** What stands around every page of a portal: the way home, its pages, who is signed in, and what is under way. */
export function PortalFrame({ portal, name, pages, welcome }: PortalFrameProps): JSX.Element {
  const state = useSessionState()
  const isIn = state.status === 'signed-in' && state.session.role === portal
  usePortalAccent(portal)
  return (
    <MantineThemeProvider theme={{ primaryColor: accents[portal] }} inherit>
      <div className={styles.frame}>
        <a href="#content" className={styles.skip}>
          Skip to the content
        </a>
        <header className={styles.top} data-print="no">
          <Link to="/" className={styles.brand ?? ''} aria-label="MedSync, choose a portal">
            <Brand />
            <span className={styles.brandName}>MedSync</span>
          </Link>
          <span className={styles.portalName}>{name}</span>
          <span className={styles.spring} />
          {isIn && <ConnectionState />}
          <ColourSchemeButton />
          {state.status === 'signed-in' && <AccountMenu />}
        </header>
        <div className={isIn ? styles.columns : styles.single}>
          {isIn && <PortalNav name={name} pages={pages} />}
          <main id="content" className={styles.main} tabIndex={-1}>
            {isIn && <ReachBanner />}
            <RequireRole portal={portal} welcome={welcome}>
              <SecretProvider>
                <LiveEvents />
                <Suspense fallback={<ListSkeleton what="the page" />}>
                  <Outlet />
                </Suspense>
              </SecretProvider>
            </RequireRole>
            <NetworkFoot />
          </main>
        </div>
        <ActivityTray />
      </div>
    </MantineThemeProvider>
  )
}

/** So many links fit below a narrow window; where there are more, the last place opens the rest. */
const NARROW_LINKS = 5

function PortalNav({ name, pages }: { readonly name: string; readonly pages: readonly PortalPage[] }): JSX.Element {
  const [isOpen, setIsOpen] = useState(false)
  const restId = useId()
  const { pathname } = useLocation()
  const first = pages.length > NARROW_LINKS ? pages.slice(0, NARROW_LINKS - 1) : pages
  const rest = pages.slice(first.length)
  const isInRest = rest.some(({ to }) => pathname.startsWith(to))
  return (
    <nav className={styles.nav} aria-label={`Pages of the ${name}`} data-print="no">
      <div className={styles.sticky}>
        <PageLinks pages={first} onGo={() => setIsOpen(false)} />
        {rest.length > 0 && (
          <>
            <button
              type="button"
              className={`${styles.more} ${isInRest ? styles.isHere : ''}`}
              aria-expanded={isOpen}
              aria-controls={restId}
              onClick={() => setIsOpen(!isOpen)}
              onKeyDown={({ key }) => {
                if (key === 'Escape') setIsOpen(false)
              }}
            >
              {isOpen ? <X size={20} aria-hidden="true" /> : <Ellipsis size={20} aria-hidden="true" />}
              <span>More</span>
            </button>
            <div id={restId} className={`${styles.rest} ${isOpen ? styles.open : ''}`}>
              <PageLinks pages={rest} onGo={() => setIsOpen(false)} />
            </div>
          </>
        )}
      </div>
    </nav>
  )
}

function PageLinks({ pages, onGo }: { readonly pages: readonly PortalPage[]; readonly onGo: () => void }): JSX.Element {
  return (
    <ul>
      {pages.map(({ to, label, icon: Icon, end }) => (
        <li key={to}>
          <NavLink to={to} end={end === true} onClick={onGo}>
            <Icon size={20} aria-hidden="true" />
            <span>{label}</span>
          </NavLink>
        </li>
      ))}
    </ul>
  )
}

/** Gives the whole document the portal's accent, dialogs included. */
function usePortalAccent(role: Role): void {
  useEffect(() => {
    document.documentElement.dataset['portal'] = role
    return () => {
      delete document.documentElement.dataset['portal']
    }
  }, [role])
}
