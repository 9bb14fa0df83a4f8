import { Coins, Eye, FileHeart, HandHeart, House, Mail } from 'lucide-react'
import type { JSX } from 'react'
import { PortalFrame, type PortalPage } from '../frame/PortalFrame.tsx'

const pages: readonly PortalPage[] = [
  { to: '/patient', label: 'Home', icon: House, end: true },
  { to: '/patient/records', label: 'Records', icon: FileHeart },
  { to: '/patient/consents', label: 'Consents', icon: HandHeart },
  { to: '/patient/accesses', label: 'Accesses', icon: Eye },
  { to: '/patient/invitations', label: 'Invitations', icon: Mail },
  { to: '/patient/rewards', label: 'Rewards', icon: Coins },
]

/** The patient's portal: records, consents, accesses, invitations, rewards. */
export function PatientPortal(): JSX.Element {
  return (
    <PortalFrame
      portal="patient"
      name="Patient portal"
      pages={pages}
      welcome={{
        title: 'Decide who may use your health data',
        lead: 'Sign in with a Starknet account to link your record, give and end consents, see every access, and collect your rewards.',
      }}
    />
  )
}
