import { clausesOf, isDenied } from './negation.ts'
import { SIGNS } from './signs.ts'

/** Free text that a clinician wrote about this case. */
export type Note = { readonly id: string; readonly text: string }

/** A sign that a note tells of; `quote` are the note's own words around it. */
export type NoteFinding = {
  readonly rule: string
  readonly raise: number
  readonly reason: string
  readonly note: string
  readonly quote: string
}

/** What the rules found, and which notes were too long to be read to their end. */
export type NotesRead = { readonly findings: readonly NoteFinding[]; readonly cut: readonly string[] }

/** Letters of a note that are read; the beginning, since whoever adds to a note must not be able to hide what it says. */
export const MAX_NOTE_LETTERS = 100_000
const QUOTE_LETTERS = 160

/**
 * Looks for signs in notes, by rules that anyone can read (`SIGNS`, `isDenied`). They can only be found, so no text lowers a score, whatever it
 * says to whom. One finding a rule and note. A note above `MAX_NOTE_LETTERS` is read to there and named in `cut`.
 */
export function readNotes(notes: readonly Note[]): NotesRead {
  const cut = notes.filter(({ text }) => text.length > MAX_NOTE_LETTERS).map(({ id }) => id)
  return { findings: notes.flatMap(readNote), cut }
}

function readNote({ id, text }: Note): NoteFinding[] {
  const clauses = clausesOf(plain(text.slice(0, MAX_NOTE_LETTERS)))
  return SIGNS.flatMap(({ rule, raise, reason, words }) => {
    const quote = clauses.map((clause) => quoteOf(clause, words)).find((found) => found !== undefined)
    return quote === undefined ? [] : [{ rule, raise, reason, note: id, quote }]
  })
}

/** The words around the first match in a clause that is not denied. */
function quoteOf(clause: string, words: RegExp): string | undefined {
  const match = [...clause.matchAll(words)].find(({ index, 0: found }) => !isDenied(clause, index, wordEnd(clause, index + found.length)))
  if (match === undefined) return undefined
  const from = Math.max(0, match.index - QUOTE_LETTERS / 2)
  return clause.slice(from, from + QUOTE_LETTERS).trim()
}

/** Where the word that goes on at `from` ends: signs are given by how their words begin. */
function wordEnd(clause: string, from: number): number {
  const rest = /^\w{0,30}/.exec(clause.slice(from, from + 30))
  return from + (rest?.[0].length ?? 0)
}

/** Lower case, one kind of apostrophe and space; what is invisible or turns the writing direction is left out. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]/g, '')
    .replaceAll('’', "'")
    .toLowerCase()
}
