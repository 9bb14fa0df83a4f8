import { errorWords, isErrorCode, type OrganisationId, type RoundKind, type RoundReason, type RoundSummary } from '@medsync/protocol'
import type { StatusTone } from '../../ui/StatusPill.tsx'
import { listWords } from '../consents/termsInWords.ts'
import { questionWords } from '../statistics/questionWords.ts'

/** The kinds of rounds on screen. */
export const KIND_WORDS: Readonly<Record<RoundKind, string>> = { statistics: 'Statistic', ranking: 'Ranking of cases' }

/** What a round is called: its question, or that it is a ranking. */
export function titleOf({ round, kind, question }: Pick<RoundSummary, 'round' | 'kind' | 'question'>): string {
  return question === null ? `${KIND_WORDS[kind]} ${roundSlug(round)}` : questionWords(question)
}

/** Where a round stands. */
export const STATE_WORDS: Readonly<Record<RoundSummary['state'], readonly [words: string, tone: StatusTone]>> = {
  opened: ['Under way', 'waiting'],
  closed: ['Finished', 'good'],
  aborted: ['Given up', 'bad'],
}

const STEPS: Readonly<Record<string, readonly [name: string, what: string]>> = {
  join: ['Join', 'Each hospital says that it takes part, with a key made for this round alone.'],
  deal: ['Deal', 'Each splits its numbers into shares, one for each other hospital, sealed to it. A share says nothing.'],
  bind: ['Bind', 'Each binds itself to the sum of the shares it got, before anything else is shown.'],
  toss: ['Toss', 'All toss a coin together that nobody can foresee.'],
  prove: ['Prove', 'Each proves with the coin that what it dealt are true shares.'],
  check: ['Check', 'Each checks the others’ proofs, and says so if one is false.'],
  counts: [
    'Count',
    'The number of people in each group is opened to the hospitals of the round, and the answer withheld if they are too few.',
  ],
  values: ['Open', 'The sums that were asked for are opened, for all hospitals together.'],
  answer: ['Answer', 'Each sends the others their shares of the places of their own cases.'],
  open: ['Open', 'Each hospital puts together the places of its own cases.'],
}

/** The name of a step. */
export const stepWords = (name: string): string => STEPS[name]?.[0] ?? name
/** What happens in a step; empty for one that this version does not know. */
export const stepNote = (name: string): string => STEPS[name]?.[1] ?? ''

/** A round's short name, to tell it from others: its own part of the id. */
export function roundSlug(round: string): string {
  return round.slice(round.indexOf('.') + 1).slice(0, 8)
}

/** How long a step still has; undefined when that is over. */
export function timeLeftWords(deadlineS: number, nowS: number): string | undefined {
  const leftS = deadlineS - nowS
  if (leftS <= 0) return undefined
  if (leftS < 90) return `${leftS} s left`
  return leftS < 5_400 ? `${Math.round(leftS / 60)} min left` : `${Math.round(leftS / 3_600)} h left`
}

/** Why a round was given up: what happened, to whom, and what to do. */
export function reasonWords(
  { code, organisations, note }: Pick<RoundReason, 'code' | 'organisations' | 'note'>,
  nameOf: (organisation: OrganisationId) => string,
): { readonly what: string; readonly hint: string } {
  const words = isErrorCode(code) ? errorWords[code] : undefined
  const who = organisations.length === 0 ? '' : ` It is about ${listWords(organisations.map(nameOf))}.`
  const said = note === '' ? '' : ` Note: “${note}”`
  return { what: `${words?.what ?? `The round was given up (${code}).`}${who}${said}`, hint: words?.hint ?? 'Open a new round.' }
}
