import { type JSX, Suspense } from 'react'
import { Outlet } from 'react-router'
import { ListSkeleton } from '../ui/ListSkeleton.tsx'
import styles from './site.module.css'
import { useRouteFocus } from './useRouteFocus.ts'

/** Shows that something comes: the network is asked, or a portal's code is on its way. */
export function Waiting(): JSX.Element {
  return (
    <div className={styles.plain}>
      <ListSkeleton what="MedSync" />
    </div>
  )
}

/** Holds whichever page is open. */
export function RootFrame(): JSX.Element {
  useRouteFocus()
  return (
    <Suspense fallback={<Waiting />}>
      <Outlet />
    </Suspense>
  )
}
