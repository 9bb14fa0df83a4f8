import { useEffect, useRef } from 'react'
import { useLocation } from 'react-router'

/**
 * Moves the focus to the heading of a page when the route changes, and to its top, as a full page load would; a screen reader then says where
 * one is. The first page is left alone, so that Tab starts at the skip link.
 */
export function useRouteFocus(): void {
  const { pathname } = useLocation()
  const isFirst = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path is what this waits for
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false
      return undefined
    }
    window.scrollTo({ top: 0 })
    // A lazily loaded page has its heading a moment later.
    let tries = 0
    const timer = setInterval(() => {
      const heading = document.querySelector<HTMLElement>('[data-page-heading]')
      heading?.focus({ preventScroll: true })
      if (heading !== null || ++tries > 40) clearInterval(timer)
    }, 50)
    return () => clearInterval(timer)
  }, [pathname])
}
