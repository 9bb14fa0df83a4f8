import { FlaskConical, HandHeart, House, Inbox, KeyRound, Microscope } from 'lucide-react'
import type { JSX } from 'react'
import { PortalFrame, type PortalPage } from '../frame/PortalFrame.tsx'

const pages: readonly PortalPage[] = [
  { to: '/research', label: 'Home', icon: House, end: true },
  { to: '/research/studies', label: 'Studies', icon: FlaskConical },
  { to: '/research/trials', label: 'Trials', icon: Microscope },
  { to: '/research/consents', label: 'Consents', icon: HandHeart },
  { to: '/research/requests', label: 'Requests', icon: Inbox },
  { to: '/research/key', label: 'Key', icon: KeyRound },
]

/** The researcher's portal: key, studies and whom they look for, consents to the office, requests and data. */
export function ResearchPortal(): JSX.Element {
  return (
    <PortalFrame
      portal="research"
      name="Research portal"
      pages={pages}
      welcome={{
        title: 'Use data that patients agreed to share',
        lead: 'Sign in with an account of an admitted research office to fund studies, request access and open what was released to you.',
      }}
    />
  )
}
