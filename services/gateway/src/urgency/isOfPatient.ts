import type { ResourceLike } from '@medsync/protocol'
import { isChanged } from '../records/isChanged.ts'
import { canonicalAddress, resolveReference } from '../records/references.ts'

/** Fields that name whom a resource is about. */
const SUBJECTS = ['subject', 'patient', 'beneficiary', 'individual', 'for'] as const

/** Addresses by which a patient is called, to be looked up. */
export const addressBook = (patientUrls: readonly string[]): ReadonlyMap<string, true> =>
  new Map(patientUrls.map((url) => [canonicalAddress(url), true]))

/**
 * Whether a resource is about this patient: each subject it names is one of these addresses, or it names none. One with a focus is about somebody or something else
 * (an unborn child, a device), and a modifier extension changes what everything in it means.
 * @param from - Full URL of its entry: relative references are of that server.
 */
export function isOfPatient(resource: ResourceLike, patientUrls: ReadonlyMap<string, true>, from?: string): boolean {
  if (isChanged(resource)) return false
  const subjects = SUBJECTS.flatMap((field) => (resource[field] === undefined ? [] : [resource[field]].flat()))
  return subjects.every((subject) => {
    if (typeof subject !== 'object' || subject === null || !('reference' in subject)) return false
    return typeof subject.reference === 'string' && resolveReference(subject.reference, patientUrls, from) === true
  })
}
