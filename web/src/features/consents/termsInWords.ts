import { CATEGORIES, type CategoryKey, type ConsentTerms, SENSITIVITIES, type SensitivityKey, ZERO } from '@medsync/protocol'
import { formatDay } from '../../ui/format/formatTime.ts'
import { purposeWords } from './purposeWords.ts'

/** The name of a category on screen. */
export function categoryWords(key: CategoryKey): string {
  return CATEGORIES.find((category) => category.key === key)?.display ?? key
}

/** The name of a sensitive kind on screen. */
export function sensitivityWords(key: SensitivityKey): string {
  return SENSITIVITIES.find((kind) => kind.key === key)?.display ?? key
}

/** `a`, `a and b`, `a, b and c`. */
export function listWords(words: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(words).replace(/, and /, ' and ')
}

/** A list of names inside a sentence: `vital signs and laboratory`; abbreviations such as HIV stay as they are. */
export function inSentence(words: readonly string[]): string {
  return listWords(words.map((word) => (/^[A-Z]{2}/.test(word) ? word : `${word.charAt(0).toLowerCase()}${word.slice(1)}`)))
}

/** The period of data that terms or a request cover. */
export function periodWords(dataFromS: number, dataToS: number): string {
  const lastDay = formatDay(dataToS - 86_400)
  if (dataFromS === 0 && dataToS === 0) return 'all dates'
  if (dataFromS === 0) return `up to ${lastDay}`
  if (dataToS === 0) return `from ${formatDay(dataFromS)} on`
  return `from ${formatDay(dataFromS)} to ${lastDay}`
}

/** A consent in the words that its review and its card show, one line a part. */
export type TermsWords = {
  /** "vital signs and laboratory" may be used "for research on a particular disease". */
  readonly sentence: { readonly data: string; readonly whatFor: string; readonly sensitive: string }
  readonly who: string
  readonly whatFor: string
  readonly data: string
  readonly sensitive: string
  readonly period: string
  readonly custodian: string
  readonly until: string
}

/**
 * Says terms in plain words.
 * @param nameOf - Name of an organisation.
 */
export function termsInWords(terms: ConsentTerms, nameOf: (id: ConsentTerms['grantee']) => string): TermsWords {
  return {
    sentence: {
      data: inSentence(terms.categories.map(categoryWords)),
      whatFor: inSentence(terms.purposes.map(purposeWords)),
      sensitive: inSentence(terms.sensitivities.map(sensitivityWords)),
    },
    who: nameOf(terms.grantee),
    whatFor: listWords(terms.purposes.map(purposeWords)),
    data: listWords(terms.categories.map(categoryWords)),
    sensitive: terms.sensitivities.length === 0 ? 'nothing' : listWords(terms.sensitivities.map(sensitivityWords)),
    period: periodWords(terms.dataFromS, terms.dataToS),
    custodian: terms.custodian === ZERO ? 'any hospital that holds a record of you' : nameOf(terms.custodian),
    until: formatDay(terms.expiresAtS - 1),
  }
}
