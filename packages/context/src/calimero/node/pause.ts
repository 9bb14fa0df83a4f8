import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits.
 * @throws The signal's reason, at once when it says so.
 */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
  } catch (cause) {
    signal?.throwIfAborted()
    throw cause
  }
}
