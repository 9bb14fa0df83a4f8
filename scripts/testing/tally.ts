/** How many of something went well, and how many did not. */
export interface Tally {
  passed: number
  failed: number
  /** What failed, with the beginning of why: so that the end of a long output tells. */
  faults?: readonly string[]
}

/** Both together. */
export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
    failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
  }
}
