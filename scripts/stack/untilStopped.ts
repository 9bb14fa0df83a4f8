/** Resolves with the name of the signal when this process is asked to end (Ctrl-C, SIGTERM, a closed terminal). */
export function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(signal))
  })
}
