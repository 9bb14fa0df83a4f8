import type { IdentityField, RestoreReason } from '@medsync/protocol'

/** Why a version was restored, as staff choose it. */
export const restoreReasonLabels: Readonly<Record<RestoreReason, string>> = {
  'wrong-patient': 'It is another patient’s record',
  'wrong-content': 'The content is wrong',
  incomplete: 'The content is incomplete',
  other: 'Another reason',
}

/** What differs between two patients, within a sentence. */
export const identityFieldLabels: Readonly<Record<IdentityField, string>> = {
  name: 'name',
  birthDate: 'birth date',
  identifier: 'identifier',
}
