/** Put where a name stood. */
export const REMOVED = '[removed]'

/** Takes words out of a text. */
export type Scrub = (text: string) => string

/**
 * Makes what takes these words out of texts: whole words only, whatever their case, with or without accents.
 * @example
 * scrubber(['Víctor'])('Victor is well') // '[removed] is well'
 */
export function scrubber(words: readonly string[]): Scrub {
  const forms = new Set(words.flatMap((word) => [word.normalize('NFC'), word.normalize('NFD').replace(/\p{M}/gu, '')]))
  if (forms.size === 0) return (text) => text
  const longestFirst = [...forms].sort((one, other) => other.length - one.length)
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.map(escaped).join('|')})(?![\\p{L}\\p{N}])`, 'giu')
  return (text) => text.normalize('NFC').replace(pattern, REMOVED)
}

/** White space in a name matches any white space, so that a line break does not hide it. */
function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/\s+/g, '\\s+')
}
