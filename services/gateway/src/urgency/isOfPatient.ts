import type { ResourceLike } from '@medsync/protocol'
import { resolveReference } from '../records/references.ts'

/** Addresses by which a patient is called, to be looked up. */
export const addressBook = (patientUrls: readonly string[]): ReadonlyMap<string, true> => new Map(patientUrls.map((url) => [url, true]))

/**
 * Whether a resource is about this patient: its subject is one of these addresses, or it names none. One with a focus is about somebody or something else
 * (an unborn child, a device), and a modifier extension changes what everything in it means.
 */
export function isOfPatient(resource: ResourceLike, patientUrls: ReadonlyMap<string, true>): boolean {
  if (resource.focus !== undefined || resource.modifierExtension !== undefined || resource.implicitRules !== undefined) return false
  const { subject } = resource
  if (subject === undefined) return true
  if (typeof subject !== 'object' || subject === null || !('reference' in subject)) return false
  return typeof subject.reference === 'string' && resolveReference(subject.reference, patientUrls) === true
}
