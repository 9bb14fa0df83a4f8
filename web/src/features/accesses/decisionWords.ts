import type { Decision } from '@medsync/protocol'
import { errorWords, isErrorCode } from '@medsync/protocol'

/** Why a hospital refused, as the patient and the researcher read it. */
const words: Record<Decision, string> = {
  permit: 'The consent covers it.',
  'not-granted': 'There was no such consent on the chain.',
  revoked: 'The consent had been revoked.',
  replaced: 'The consent had been replaced by a newer one.',
  'not-yet-valid': 'The consent was not valid yet.',
  expired: 'The consent had run out.',
  'other-grantee': 'The consent is for another organisation.',
  'other-purpose': 'The consent does not cover the study’s purpose.',
  'outside-categories': 'None of the data asked for is covered by the consent.',
  'outside-period': 'The consent covers no data of that time.',
  'other-custodian': 'The consent is for records at another hospital.',
  'not-released': 'The consent covers it, but the hospital could not release it.',
}

/** A decision, or an error code that stood in its place, in a sentence. */
export function decisionWords(reason: string): string {
  if (Object.hasOwn(words, reason)) return words[reason as Decision]
  return isErrorCode(reason) ? errorWords[reason].what : reason
}
