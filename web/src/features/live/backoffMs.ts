const FIRST_MS = 500
const LONGEST_MS = 20_000

/**
 * How long to wait before the next try: doubling from half a second to 20 seconds, each drawn from its upper half, so that many pages do
 * not come back at once.
 * @param attempt - Tries that failed in a row, from 0.
 * @param draw - Uniform from 0 to 1.
 */
export function backoffMs(attempt: number, draw: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16))
  return Math.round(ceiling / 2 + (draw() * ceiling) / 2)
}
