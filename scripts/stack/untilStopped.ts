const INSISTS_MS = 2_000

/**
 * Resolves with the name of the signal when this process is asked to end (Ctrl-C, SIGTERM, a closed terminal). One Ctrl-C may arrive
 * more than once, from the terminal and from npm; who asks again after two seconds is not made to wait for a tidy end.
 */
export function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let askedMs: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (askedMs !== undefined && performance.now() - askedMs > INSISTS_MS) process.exit(130)
        askedMs ??= performance.now()
        resolve(signal)
      })
    }
  })
}
