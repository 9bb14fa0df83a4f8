import type { IdentityField } from '@medsync/protocol'
import { LAST_PERSONAL_RANK } from './identifierRules.ts'
import type { PatientIdentity, PersonName } from './patientIdentity.ts'

/** Letters that no decomposition takes apart, as they are written where they are missing. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ð: 'd',
  đ: 'd',
  þ: 'th',
  ß: 'ss',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
}
const APOSTROPHES = /['’‘ʼ`´]/gu
/** Accents of Latin, Greek and Cyrillic letters; marks of other scripts are letters of their own and stay. */
const ACCENTS = /[\u0300-\u036f]/gu

/**
 * In what two identities differ, so far as one can tell. A name or birth date that only one of them has counts as different: nobody may become somebody else
 * by leaving something out.
 */
export function differencesOf(stored: PatientIdentity, uploaded: PatientIdentity): IdentityField[] {
  const differs: IdentityField[] = []
  if (!haveSameName(stored.names, uploaded.names)) differs.push('name')
  if (stored.birthDate !== uploaded.birthDate) differs.push('birthDate')
  return differs
}

/**
 * Whether an identifier at least as good as the one that led to the record says it is another person: the same system, and no value in common.
 * @param matchedRank - Rank of the identifier that both have.
 */
export function contradict(stored: PatientIdentity, uploaded: PatientIdentity, matchedRank: number): boolean {
  const upTo = Math.min(matchedRank, LAST_PERSONAL_RANK)
  const valuesOf = ({ identifiers }: PatientIdentity): Map<string, Set<string>> => {
    const bySystem = new Map<string, Set<string>>()
    for (const { system, value, rank } of identifiers) {
      if (rank <= upTo) bySystem.set(system, (bySystem.get(system) ?? new Set()).add(value))
    }
    return bySystem
  }
  const theirs = valuesOf(stored)
  return [...valuesOf(uploaded)].some(([system, values]) => haveNothingInCommon(theirs.get(system), values))
}

/** The name that is shown must be in use on the other side, and the other way round; so a second name cannot be slipped in as the first. */
function haveSameName(stored: readonly PersonName[], uploaded: readonly PersonName[]): boolean {
  const [one, other] = [stored, uploaded].map((names) => names.map(wordsOfName).filter(({ all }) => all.size > 0))
  const [first, second] = [one?.[0], other?.[0]]
  if (first === undefined || second === undefined) return first === second
  return (other ?? []).some((name) => isSameName(first, name)) && (one ?? []).some((name) => isSameName(second, name))
}

type NameWords = { readonly family: ReadonlySet<string>; readonly given: ReadonlySet<string>; readonly all: ReadonlySet<string> }

function wordsOfName({ family, given, text }: PersonName): NameWords {
  const [familyWords, givenWords] = [wordsOf(family), wordsOf(given)]
  const parts = new Set([...familyWords, ...givenWords])
  return { family: familyWords, given: givenWords, all: parts.size > 0 ? parts : wordsOf(text) }
}

/** The same words in any order, or the same family name and given names of which one side only leaves some out. */
function isSameName(one: NameWords, other: NameWords): boolean {
  if (isSame(one.all, other.all)) return true
  if (one.family.size > 0 && other.family.size > 0) return isSame(one.family, other.family) && isPart(one.given, other.given)
  return isPart(one.all, other.all) && Math.min(one.all.size, other.all.size) > 1
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && isWithin(one, other)
}

function isPart(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size > 0 && other.size > 0 && (isWithin(one, other) || isWithin(other, one))
}

function isWithin(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].every((word) => other.has(word))
}

function haveNothingInCommon(one: ReadonlySet<string> | undefined, other: ReadonlySet<string>): boolean {
  return one !== undefined && [...other].every((value) => !one.has(value))
}

/** Words without case, accents and punctuation. */
function wordsOf(text: string): Set<string> {
  const plain = text
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(APOSTROPHES, '')
    .toLowerCase()
    .replace(/[æœøðđþßłħı]/gu, (letter) => PLAIN_LETTERS[letter] ?? letter)
  return new Set(
    plain
      .normalize('NFC')
      .split(/[^\p{L}\p{M}\p{N}]+/u)
      .filter(Boolean),
  )
}
