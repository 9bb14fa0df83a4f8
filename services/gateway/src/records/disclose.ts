import { type CategoryKey, categoryOf, LEFT_OUT_SYSTEM, type ResourceLike, type Ruling } from '@medsync/protocol'
import { type EntrySensitivity, kindsOfCodesIn, kindsOfNote } from '@medsync/protocol/sensitivity'
import type { Key } from '../keys/keyRing.ts'
import { isWithin } from './clinicalSpan.ts'
import { ownSensitivities } from './entrySensitivities.ts'
import { inSlices } from './inSlices.ts'
import { isChanged } from './isChanged.ts'
import type { OpenedRecord, StoredEntry } from './openedRecord.ts'
import { Pseudonyms } from './pseudonyms.ts'
import { addressesOf, canonicalAddress, resolveReference } from './references.ts'
import { RELEASED_FIELDS, type Shape } from './releasedFields.ts'
import { type Release, releaseObject } from './releaseValue.ts'
import { scrubber } from './scrubText.ts'

/** What a permit lets out at the most. */
export type Permit = Extract<Ruling, { decision: 'permit' }>

/** One resource as it leaves. */
export type DisclosedEntry = { readonly fullUrl: string; readonly resource: ResourceLike }

/** What leaves: a FHIR R4 Bundle of type collection under pseudonymous ids. */
export type DisclosedBundle = {
  readonly resourceType: 'Bundle'
  /** How many free texts and attachments were left out, when any were: the `code` of a tag of `LEFT_OUT_SYSTEM`. */
  readonly meta?: { readonly tag: readonly { readonly system: string; readonly code: string; readonly display: string }[] }
  readonly type: 'collection'
  readonly entry: readonly DisclosedEntry[]
}

/** Name space of the pseudonym by which resources say whom they are about when the Patient itself does not leave. */
export const PSEUDONYM_SYSTEM = 'urn:medsync:pseudonym'

/**
 * Filters and pseudonymises opened parts. A resource leaves when all of this holds: its category is permitted; it lies wholly within the period, when there is one; everything
 * sensitive that it tells or points to is permitted; it is about this patient; nothing in it changes its meaning in a way that is not understood here (modifier extensions).
 * Of it leave the fields of `RELEASED_FIELDS`, with new ids and with references only to what leaves too. Free text leaves only when notes and documents are permitted and everything
 * sensitive that is in the whole record, and that the text itself names in words; names are taken out of it. What is left out of a resource is counted.
 * @param pseudonymKey - Differs by study and record (`keys.ofTenant(slug, 'pseudonym|<study>|<record>')`), so that ids cannot be joined between studies.
 * @returns The same Bundle for the same input.
 */
export async function disclose(opened: OpenedRecord, permit: Permit, pseudonymKey: Key): Promise<DisclosedBundle> {
  const patientUrls = new Map(opened.patientUrls.map((url): [string, true] => [canonicalAddress(url), true]))
  const candidates = permit.categories.flatMap((category) => (opened.parts.get(category) ?? []).map((entry) => ({ category, entry })))
  const isPermitted = entryRule(permit)
  const verdicts = await inSlices(candidates, ({ category, entry }) => mayLeave(entry, category, permit, patientUrls) && isPermitted(entry))
  const leaving = candidates.filter((_, index) => verdicts[index])

  const pseudonyms = new Pseudonyms(pseudonymKey)
  const patientId = pseudonyms.uuid('patient')
  const ids = await inSlices(leaving, ({ category, entry }, index) =>
    entry.resource.resourceType === 'Patient' ? patientId : pseudonyms.uuid(addressesOf(entry)[0] ?? `${category}#${index}`),
  )
  const released = new Map(leaving.flatMap(({ entry }, index) => addressesOf(entry).map((at): [string, string] => [at, ids[index] ?? ''])))
  const hasPatient = leaving.some(({ entry }) => entry.resource.resourceType === 'Patient')
  const mayTell = await freeTextRule(opened, permit, isPermitted)
  let leftOut = 0
  const shared = {
    mayTell,
    leftOut: () => {
      leftOut += 1
    },
    scrub: scrubber(opened.identifyingWords),
    pseudonyms,
    released,
    patientUrls,
    patient: hasPatient
      ? { reference: `urn:uuid:${patientId}` }
      : { type: 'Patient', identifier: { system: PSEUDONYM_SYSTEM, value: patientId } },
  }
  const entry = await inSlices(leaving, ({ category, entry }, index) =>
    disclosed(entry.resource, ids[index] ?? '', { ...shared, isDocument: category === 'documents' }),
  )
  return { resourceType: 'Bundle', ...(leftOut === 0 ? {} : { meta: { tag: [leftOutTag(leftOut)] } }), type: 'collection', entry }
}

function leftOutTag(count: number): { system: string; code: string; display: string } {
  return { system: LEFT_OUT_SYSTEM, code: String(count), display: `${count} free ${count === 1 ? 'text was' : 'texts were'} left out` }
}

/** A text can say anything that is in the record, and things that no code in it says: so all of the first must be permitted, and whatever of the second its words name. */
async function freeTextRule(
  opened: OpenedRecord,
  permit: Permit,
  isPermitted: (entry: StoredEntry) => boolean,
): Promise<(text: string) => boolean> {
  const isPermittedHere = (kind: EntrySensitivity): boolean => isPermittedKind(kind, permit)
  const isCovered =
    permit.categories.includes('documents') &&
    (opened.sensitivities ?? []).every(isPermittedHere) &&
    (await inSlices([...opened.parts.values()].flat(), isPermitted)).every(Boolean)
  return (text) => isCovered && [...kindsOfNote(text), ...kindsOfCodesIn(text)].every(isPermittedHere)
}

/** Whether everything sensitive in an entry is permitted. The answer is kept, since both an entry and the free text beside it depend on it. */
function entryRule(permit: Permit): (entry: StoredEntry) => boolean {
  const answers = new Map<StoredEntry, boolean>()
  return (entry) => {
    const known = answers.get(entry)
    if (known !== undefined) return known
    const kinds = [...entry.sensitivities, ...ownSensitivities(entry.resource)]
    const answer = kinds.every((kind) => isPermittedKind(kind, permit))
    answers.set(entry, answer)
    return answer
  }
}

function disclosed(resource: ResourceLike, id: string, release: Release): DisclosedEntry {
  const { resourceType } = resource
  return { fullUrl: `urn:uuid:${id}`, resource: { resourceType, id, ...releaseObject(resource, shapeOf(resourceType) ?? {}, release) } }
}

function mayLeave(entry: StoredEntry, category: CategoryKey, permit: Permit, patientUrls: ReadonlyMap<string, true>): boolean {
  const { resource } = entry
  const shape = shapeOf(resource.resourceType)
  if (shape === undefined || categoryOf(resource) !== category) return false
  return isWithin(resource, permit) && isAbout(entry, shape, patientUrls) && !isChanged(resource)
}

/** Whether a permit names this kind. What is withheld from everybody is no kind that a permit could name. */
function isPermittedKind(kind: EntrySensitivity, permit: Permit): boolean {
  return kind !== 'withheld' && permit.sensitivities.includes(kind)
}

/** Whether every field that says whom it is about says this patient. */
function isAbout(entry: StoredEntry, shape: Shape, patientUrls: ReadonlyMap<string, true>): boolean {
  const { resource } = entry
  if (resource.resourceType === 'Patient') return addressesOf(entry).some((at) => patientUrls.has(at))
  const fields = Object.keys(shape).filter((field) => shape[field] === 'patient')
  const subjects = fields.map((field) => resource[field]).filter((subject) => subject !== undefined)
  return subjects.every((subject) => isReference(subject) && resolveReference(subject.reference, patientUrls, entry.fullUrl) !== undefined)
}

function shapeOf(resourceType: string): Shape | undefined {
  return Object.hasOwn(RELEASED_FIELDS, resourceType) ? RELEASED_FIELDS[resourceType] : undefined
}

function isReference(value: unknown): value is { reference: string } {
  return typeof value === 'object' && value !== null && 'reference' in value && typeof value.reference === 'string'
}
