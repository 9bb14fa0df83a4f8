/**
 * Does the work for every item, two at a time, and gives the results in the items' order. The first failure ends it.
 * @param lanes - How many at a time instead; MEDSYNC_BUILD_LANES leaves a core to others.
 */
export async function inPairs<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  lanes = Number(process.env['MEDSYNC_BUILD_LANES'] ?? 2),
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  let failed = false
  await Promise.all(Array.from({ length: lanes }, lane))
  return results

  async function lane(): Promise<void> {
    while (next < items.length && !failed) {
      const index = next++
      try {
        results[index] = await work(items[index]!)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
}
