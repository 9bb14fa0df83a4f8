import { useEffect, useRef } from 'react'
import { useLocation } from 'react-router'

/** A page whose code is still on its way has its heading a moment later. */
const LOOK_EVERY_MS = 50
const LOOK_FOR_MS = 3_000

/**
 * Moves the focus to the heading of a page when the route changes, and the window to its top, as a full page load would; a screen reader then
 * says where one is. The page that was opened first is left alone, so that Tab starts at the skip link.
 */
export function useRouteFocus(): void {
  const { pathname } = useLocation()
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname) return undefined
    before.current = pathname
    window.scrollTo({ top: 0 })
    const old = document.querySelector('[data-page-heading]')
    const endsAt = performance.now() + LOOK_FOR_MS
    const timer = setInterval(() => {
      const heading = document.querySelector<HTMLElement>('[data-page-heading]')
      const isThere = heading !== null && (heading !== old || heading.isConnected)
      if (isThere) heading.focus({ preventScroll: true })
      if (isThere || performance.now() > endsAt) clearInterval(timer)
    }, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [pathname])
}
