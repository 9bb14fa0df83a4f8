import type { SensitivityKey } from '../categories.ts'
import { VALUE_SETS } from './valueSets/index.ts'

/** Texts up to this length, mostly displays of codes, repeat so often that their answer is remembered. */
const MAX_REMEMBERED_LENGTH = 200
const MAX_REMEMBERED = 5_000

let patterns: readonly { kind: SensitivityKey; words: RegExp; exactWords: RegExp | undefined }[] | undefined
const remembered = new Map<string, readonly SensitivityKey[]>()

/**
 * The sensitive kinds that a text names. Cautious on purpose: "no history of alcohol abuse" names it too, since that an answer was asked for already tells something.
 */
export function kindsOfText(text: string): readonly SensitivityKey[] {
  const isShort = text.length <= MAX_REMEMBERED_LENGTH
  const known = isShort ? remembered.get(text) : undefined
  if (known !== undefined) return known
  patterns ??= VALUE_SETS.map(({ kind, words, exactWords = [] }) => ({
    kind,
    words: new RegExp(`\\b(?:${words.join('|')})`, 'i'),
    exactWords: exactWords.length === 0 ? undefined : new RegExp(`\\b(?:${exactWords.join('|')})`),
  }))
  const found = patterns.filter(({ words, exactWords }) => words.test(text) || exactWords?.test(text) === true).map(({ kind }) => kind)
  if (isShort) {
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(text, found)
  }
  return found
}

let notePatterns: readonly { kind: SensitivityKey; words: RegExp }[] | undefined

/** The sensitive kinds that a free text names: those of `kindsOfText`, and more words that only people write. */
export function kindsOfNote(text: string): readonly SensitivityKey[] {
  notePatterns ??= VALUE_SETS.map(({ kind, noteWords }) => ({
    kind,
    words: new RegExp(`(?<![\\p{L}\\p{N}])(?:${noteWords.join('|')})`, 'iu'),
  }))
  const named = notePatterns.filter(({ words }) => words.test(text)).map(({ kind }) => kind)
  return [...new Set([...kindsOfText(text), ...named])]
}
