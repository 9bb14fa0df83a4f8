/*
 * Whether a sign in a note is said to be there. After NegEx (Chapman et al., J Biomed Inform 34(5), 2001): cues before or after the sign, within its
 * clause and a few words, with pseudo-cues that only look like one. A sign that is in doubt ("possible", "?") counts as there.
 */

/** Words between a cue and the sign it denies, and letters around a sign that are looked at. */
const REACH_WORDS = 6
const REACH_LETTERS = 200

/** What looks like a cue and denies nothing. */
const PSEUDO = new RegExp(
  [
    "can(?:no|')?t (?:be )?(?:rule[d]? out|exclude[d]?)",
    'not (?:ruled out|only|improving|just)',
    'no (?:change|improvement|better|doubt)',
    "(?:minute|min|hour|hr|day|week)s?'? (?:history|hx) of",
  ]
    .map((words) => `\\b(?:${words})\\b`)
    .join('|'),
  'g',
)
/** Before the sign: it is not there, was once, or might come. */
const BEFORE =
  /\b(?:no|not|nor|without|denie[sd]|deny|negative for|free of|absence of|rule[ds]? out|excluded|resolved|history of|h\/o|hx of|previous(?:ly)?|if|unless|risk of|watch for|monitor for|in case of|never)\b/g
/** After the sign. */
const AFTER =
  /^(?:\W+\w+){0,3}?\W+(?:absent|ruled out|excluded|resolved|denied|not (?:seen|present|evident|found)|none)\b|^\s*[:=-]\s*(?:no|none|nil|absent|negative)\b/
/** Cues that a list joined by "and" continues: "denies stridor and seizures". After another, "and" may begin something new: "not alert and cyanosed". */
const ANSWERS = /^(?:denie[sd]|deny|negative for)$/

/** Where one statement ends: a sign of the end, a new line, or a word that turns. */
const CLAUSE = /[.;!?]+(?=\s|$)|[\n\r]|\b(?:but|however|although|though|now|today|presents? with|yet|except)\b/g

/** Statements of a text that is already in lower case. */
export const clausesOf = (text: string): string[] => text.split(CLAUSE).filter((clause) => clause.trim() !== '')

/** Whether a clause says that what stands from `start` to `end` is not there, was once, or might come. */
export function isDenied(clause: string, start: number, end: number): boolean {
  const after = clause.slice(end, end + REACH_LETTERS)
  if (AFTER.test(after)) return true
  const before = clause.slice(Math.max(0, start - REACH_LETTERS), start).replaceAll(PSEUDO, (pseudo) => 'x'.repeat(pseudo.length))
  return [...before.matchAll(BEFORE)].some((cue) => reaches(cue[0], before.slice(cue.index + cue[0].length), after))
}

/** A cue reaches over a few words; beyond a comma only in a list that an "or" joins. */
function reaches(cue: string, between: string, after: string): boolean {
  if ((between.match(/\w+/g) ?? []).length > REACH_WORDS) return false
  if (/\band\b/.test(between) && !ANSWERS.test(cue)) return false
  return !between.includes(',') || /\b(?:or|nor)\b/.test(between + after)
}
