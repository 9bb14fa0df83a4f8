/** Does the work for every item, so many at a time, and gives the results in the items' order. After a failure nothing new is begun. */
export async function inLanes<Item, Result>(
  lanes: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  let hasFailed = false
  await Promise.all(Array.from({ length: lanes }, lane))
  return results

  async function lane(): Promise<void> {
    while (next < items.length && !hasFailed) {
      const index = next++
      try {
        results[index] = await work(items[index]!)
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
}
