import { useEffect, useState } from 'react'

/** Present time in seconds, refreshed every half minute, so that "2 minutes ago" does not grow stale. */
export function useNowS(everyMs = 30_000): number {
  const [nowS, setNowS] = useState(() => Math.floor(Date.now() / 1000))
  useEffect(() => {
    const timer = setInterval(() => setNowS(Math.floor(Date.now() / 1000)), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return nowS
}
