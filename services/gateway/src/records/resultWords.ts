/** What a laboratory or a bedside writes in words where a code would do: a closed list, compared without case. Nothing here names a person, a place or an illness. */
const WORDS = new Set(
  [
    'positive, negative, pos, neg, +, ++, +++, ++++, -, +/-, weakly positive, strongly positive, equivocal, indeterminate, inconclusive, borderline',
    'detected, not detected, undetected, undetectable, detectable, none detected, reactive, non-reactive, nonreactive, non reactive, weakly reactive',
    'present, absent, none, none seen, not seen, seen, trace, small, moderate, large, few, many, rare, occasional, abundant, scant, light, heavy',
    'normal, abnormal, high, low, very high, very low, critical, within normal limits, wnl, elevated, decreased, increased, unchanged, stable',
    'growth, no growth, normal flora, sensitive, susceptible, intermediate, resistant, susceptible dose dependent',
    'clear, cloudy, hazy, turbid, slightly cloudy, yellow, pale yellow, straw, amber, brown, red, pink, colorless, colourless, green, orange',
    'a, b, ab, o, a positive, a negative, b positive, b negative, ab positive, ab negative, o positive, o negative, rh positive, rh negative',
    'yes, no, true, false, unknown, not done, not tested, pending, not applicable, n/a, na, nil, left, right, bilateral, mild, severe',
  ].flatMap((line) => line.split(', ')),
)
/** At most six digits before the point, so that no telephone or record number passes; a titre, a comparator. */
const NUMBER = /^(?:[<>]=?|≤|≥|~)?\s?[+-]?\d{1,6}(?:[.,]\d{1,6})?\s?%?$/
const TITRE = /^(?:[<>]=?)?\s?1\s?[:/]\s?\d{1,6}$/

/** Whether a string is a result and no free text: a number, a titre, or one word of a closed list. */
export function isResultWord(value: string): boolean {
  const said = value.trim()
  return NUMBER.test(said) || TITRE.test(said) || WORDS.has(said.toLowerCase())
}
