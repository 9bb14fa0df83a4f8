const rules = new Intl.PluralRules('en', { type: 'ordinal' })
const endings: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' }

/**
 * A place in an order, in English as the sentences around it are.
 * @example
 * ordinalOf(3) // '3rd'
 */
export function ordinalOf(place: number): string {
  return `${place}${endings[rules.select(place)] ?? 'th'}`
}
