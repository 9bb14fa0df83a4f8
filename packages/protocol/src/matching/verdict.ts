/** What a record says of a criterion. `unknown`: it does not say, or not so that it could be compared. */
export type Verdict = 'met' | 'not-met' | 'unknown'

/**
 * Kleene's strong "and": one that is not met decides, whatever the unknown ones are.
 * @source Kleene, "Introduction to Metamathematics", 1952, section 64.
 */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('not-met')) return 'not-met'
  return verdicts.includes('unknown') ? 'unknown' : 'met'
}

/** Kleene's strong "or": one that is met decides. Of none it is `not-met`. */
export const anyOf = (verdicts: readonly Verdict[]): Verdict => not(allOf(verdicts.map(not)))

/** The opposite; what is unknown stays so. */
export function not(verdict: Verdict): Verdict {
  if (verdict === 'unknown') return 'unknown'
  return verdict === 'met' ? 'not-met' : 'met'
}

/** A verdict of what is certain. */
export const verdictOf = (isMet: boolean): Verdict => (isMet ? 'met' : 'not-met')
