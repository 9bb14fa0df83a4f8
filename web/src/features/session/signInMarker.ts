const KEY = 'medsync-was-signed-in'

/** Remembers that a refresh may succeed, so that a first visit asks for nothing in vain. Holds no token. */
export function markSignedIn(isSignedIn: boolean): void {
  if (isSignedIn) localStorage.setItem(KEY, 'yes')
  else localStorage.removeItem(KEY)
}

/** Whether somebody was signed in here when the page was last open. */
export function wasSignedIn(): boolean {
  return localStorage.getItem(KEY) !== null
}

/** Calls `listen` when somebody signs out in another tab of this browser; the result ends it. */
export function onSignOutElsewhere(listen: () => void): () => void {
  const onStorage = ({ key, newValue }: StorageEvent): void => {
    if (key === KEY && newValue === null) listen()
  }
  window.addEventListener('storage', onStorage)
  return () => window.removeEventListener('storage', onStorage)
}
