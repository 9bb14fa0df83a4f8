import { setImmediate } from 'node:timers/promises'

/** How long to work at a stretch before others get their turn. */
const SLICE_MS = 15

/** Maps a long list without keeping the process from anything else. */
export async function inSlices<From, To>(items: readonly From[], work: (item: From, index: number) => To): Promise<To[]> {
  const results: To[] = []
  let since = performance.now()
  for (const [index, item] of items.entries()) {
    results.push(work(item, index))
    if (performance.now() - since < SLICE_MS) continue
    await setImmediate()
    since = performance.now()
  }
  return results
}
