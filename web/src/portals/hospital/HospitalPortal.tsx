import { CalendarClock, Coins, FileStack, FlaskConical, HeartPulse, House, Inbox, Upload, Users, Waypoints } from 'lucide-react'
import type { JSX } from 'react'
import { PortalFrame, type PortalPage } from '../frame/PortalFrame.tsx'

const pages: readonly PortalPage[] = [
  { to: '/hospital', label: 'Home', icon: House, end: true },
  { to: '/hospital/cases', label: 'Cases', icon: HeartPulse },
  { to: '/hospital/rounds', label: 'Together', icon: Users },
  { to: '/hospital/records', label: 'Records', icon: FileStack },
  { to: '/hospital/places', label: 'Places', icon: CalendarClock },
  { to: '/hospital/trials', label: 'Trials', icon: FlaskConical },
  { to: '/hospital/upload', label: 'Upload', icon: Upload },
  { to: '/hospital/requests', label: 'Requests', icon: Inbox },
  { to: '/hospital/circle', label: 'Circle', icon: Waypoints },
  { to: '/hospital/rewards', label: 'Rewards', icon: Coins },
]

/** The hospital's portal: cases, rounds with other hospitals and the places that come of them, records and codes, upload, requests with the journal, the hospitals' circle, rewards. */
export function HospitalPortal(): JSX.Element {
  return (
    <PortalFrame
      portal="hospital"
      name="Hospital portal"
      pages={pages}
      welcome={{
        title: 'Answer requests within your patients’ consents',
        lead: 'Sign in with an account of an admitted hospital to upload records, give patients their codes, and follow every request and its proof.',
      }}
    />
  )
}
