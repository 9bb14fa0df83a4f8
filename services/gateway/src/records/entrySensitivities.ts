import { type CategoryKey, type ResourceLike, SENSITIVITY_KEYS, type SensitivityKey } from '@medsync/protocol'
import {
  type EntrySensitivity,
  isInlineLabelsFlag,
  kindsOfCodesIn,
  kindsOfCoding,
  kindsOfLabels,
  kindsOfStrayLabel,
  kindsOfText,
  type LabelLike,
} from '@medsync/protocol/sensitivity'
import { addressesOf, resolveCautiously } from './references.ts'
import { walkResource } from './walkResource.ts'

/** What reading a Bundle knows of an entry. */
export type ReadEntry = {
  readonly fullUrl: string | undefined
  readonly resource: ResourceLike
  readonly category: CategoryKey | undefined
  /** What was found before, when it is read again. */
  readonly known?: readonly EntrySensitivity[]
  /** What `ownSensitivities` says of it, when that was derived before. */
  readonly own?: readonly EntrySensitivity[]
}

type JsonObject = Readonly<Record<string, unknown>>

/** All that can keep an entry back, in the order in which it is listed. */
export const ENTRY_SENSITIVITIES = [...SENSITIVITY_KEYS, 'withheld'] as const satisfies readonly EntrySensitivity[]

/** Fields that say whom or when a resource is about, not what: sensitivity does not pass through them. */
const CIRCUMSTANCES = new Set(['subject', 'patient', 'beneficiary', 'encounter', 'context'])
/** References by which a panel or an order holds what belongs to it: what the holder itself tells is told of each part. */
const PARTS = new Set(['result', 'hasMember', 'imagingStudy', 'item', 'entry'])
/** Resources whose parts are anything, so that only the labels of the whole count for each. */
const CONTAINERS = new Set(['Composition', 'List'])
/** Fields in which people write words. */
const WORDED =
  /^(display|text|title|description|name|conclusion|comment|patientInstruction|instantiates\w*|valueMarkdown|\w+String|questionnaire|definition|linkId)$/
/** Fields in which a question of a form is named, often by its LOINC code. */
const QUESTIONS = ['linkId', 'definition', 'questionnaire'] as const
/** Objects that hold a person's name or address: a name may look like anything. */
const PERSONAL = new Set(['name', 'address', 'telecom', 'identifier'])
const PERSON_REFERENCE = /(^|\/)(Patient|RelatedPerson|Practitioner)\//
const INLINE_LABEL = /\/extension-inline-sec-label$/
const HAS_INLINE_LABELS = /\/extension-has-inline-sec-label$/
/** A text attachment of more characters of base64 is not searched for words, and so leaves under no consent. */
const MAX_ATTACHMENT = 1_500_000

/** Everything sensitive that a resource itself says: in any of its codes, labels and words, however deep. */
export function ownSensitivities(resource: ResourceLike): EntrySensitivity[] {
  const found = new Set<EntrySensitivity>()
  const addAll = (kinds: readonly EntrySensitivity[]): void => {
    for (const kind of kinds) found.add(kind)
  }
  const labels = labelsOf(resource)
  addAll(labels.flatMap(kindsOfLabels))
  const isLabel = new Set<unknown>(labels.flat())
  walkResource(resource, (object, field) => {
    if (isLabel.has(object)) return
    if (typeof object.code === 'string') addAll([...kindsOfCoding(object), ...kindsOfStrayLabel(object)])
    for (const text of wordsIn(object, field)) addAll([...kindsOfText(text), ...kindsOfCodesIn(text)])
    if (typeof object.data === 'string' && isText(object)) addAll(kindsOfAttachment(object.data))
    for (const code of questionCodes(object)) addAll(kindsOfCoding({ system: 'http://loinc.org', code }))
  })
  return ENTRY_SENSITIVITIES.filter((kind) => found.has(kind))
}

/** What the labels of a resource ask for, also those inside it and those of what it contains. */
export function labelledSensitivities(resource: ResourceLike): EntrySensitivity[] {
  return labelsOf(resource).flatMap(kindsOfLabels)
}

/**
 * The sensitivities of each entry of a Bundle: its own, those of everything it points to as its reason or content (a prescription for a sensitive diagnosis tells
 * the diagnosis), and what the report, panel, order or section says to which it belongs. A bill also tells what its visit was about; free text may tell anything
 * that is in the record.
 * @param ofBundle - What the labels of the Bundle itself ask for: it holds for every entry.
 */
export function entrySensitivities(entries: readonly ReadEntry[], ofBundle: readonly EntrySensitivity[] = []): EntrySensitivity[][] {
  const found = entries.map(
    ({ resource, known = [], own = ownSensitivities(resource) }) => new Set<EntrySensitivity>([...own, ...ofBundle, ...known]),
  )
  const byAddress = new Map(entries.flatMap((entry, index) => addressesOf(entry).map((address): [string, number] => [address, index])))
  for (const { holder, part } of entries.flatMap((entry) => partsOf(entry, byAddress))) {
    for (const kind of holder) found[part]?.add(kind)
  }
  const targets = entries.map((entry) => targetsOf(entry, byAddress))
  // A medication that stands by itself tells what it was given for as much as its prescription does.
  entries.forEach(({ resource }, index) => {
    const { reference } = isObject(resource.medicationReference) ? resource.medicationReference : {}
    const medication = typeof reference === 'string' ? resolveCautiously(reference, byAddress) : undefined
    if (medication !== undefined) targets[medication]?.push(index)
  })
  spread(found, targets)
  const all = new Set(found.flatMap((keys) => [...keys]))
  return found.map((keys, index) => inOrder(entries[index]?.category === 'documents' ? all : keys))
}

/** Tells every entry what its targets tell, and theirs. Each is looked at again only when a target has grown, so that a long chain costs no more than its length. */
function spread(found: readonly Set<EntrySensitivity>[], targets: readonly (readonly number[])[]): void {
  const holders: number[][] = found.map(() => [])
  targets.forEach((indices, index) => {
    for (const target of indices) holders[target]?.push(index)
  })
  const grown = found.flatMap((kinds, index) => (kinds.size === 0 ? [] : [index]))
  for (let target = grown.pop(); target !== undefined; target = grown.pop()) {
    for (const holder of holders[target] ?? []) {
      const kinds = found[holder]
      const size = kinds?.size
      for (const kind of found[target] ?? []) kinds?.add(kind)
      if (kinds?.size !== size) grown.push(holder)
    }
  }
}

/** What the labels of a Bundle ask for, by its `meta`: they hold for all that is in it. */
export function bundleSensitivities(meta: unknown): EntrySensitivity[] {
  return labelledSensitivities({ resourceType: 'Bundle', meta })
}

/** The kinds among them that a consent can name, for the patient and the hospital to see. */
export function consentableKinds(kinds: Iterable<EntrySensitivity>): SensitivityKey[] {
  const found = new Set(kinds)
  return SENSITIVITY_KEYS.filter((key) => found.has(key))
}

function inOrder(kinds: ReadonlySet<EntrySensitivity>): EntrySensitivity[] {
  return ENTRY_SENSITIVITIES.filter((kind) => kinds.has(kind))
}

/** The labels of a resource that count together, and apart from them those of each resource in it. */
function labelsOf(resource: ResourceLike): LabelLike[][] {
  const { contained, ...outer } = resource
  const labels: LabelLike[] = []
  let isFlagged = false
  let isLabelledInside = false
  walkResource(outer, (object, field) => {
    if (field === 'meta') labels.push(...codingsIn(object.security), ...codingsIn(object._security))
    if (field === 'securityLabel') labels.push(...codingsIn(object.coding ?? object))
    if (typeof object.url !== 'string') return
    if (HAS_INLINE_LABELS.test(object.url)) isFlagged ||= object.valueBoolean !== false
    if (!INLINE_LABEL.test(object.url)) return
    isLabelledInside = true
    labels.push(...codingsIn(object.valueCoding ?? object.valueCodeableConcept ?? {}))
  })
  if (resource.resourceType === 'Composition' && resource.confidentiality !== undefined) labels.push({ code: resource.confidentiality })
  isFlagged ||= labels.some(isInlineLabelsFlag)
  // Labels are said to stand inside and none is found: they are in a form that is not understood.
  if (isFlagged && !isLabelledInside) labels.push({})
  return [labels, ...many(contained).filter(isResource).flatMap(labelsOf)]
}

/** Everything in place of a coding is one: what cannot be read is an unknown label. */
function codingsIn(value: unknown): LabelLike[] {
  if (value === undefined) return []
  return many(value).flatMap((item) => {
    if (!isObject(item)) return [{}]
    return item.coding === undefined ? [item] : codingsIn(item.coding)
  })
}

function wordsIn(object: JsonObject, field: string): string[] {
  if (PERSONAL.has(field) || CIRCUMSTANCES.has(field)) return []
  if (typeof object.reference === 'string' && PERSON_REFERENCE.test(object.reference)) return []
  return Object.entries(object).flatMap(([name, value]) =>
    WORDED.test(name) ? many(value).filter((item) => typeof item === 'string') : [],
  )
}

function questionCodes(object: JsonObject): string[] {
  return QUESTIONS.flatMap((name) => {
    const value = object[name]
    return typeof value === 'string' ? (value.match(/(?<![\d-])\d{3,6}-\d(?![\d-])/g) ?? []) : []
  })
}

/** Whether an attachment says that it is text. */
function isText({ contentType }: JsonObject): boolean {
  return typeof contentType === 'string' && /^(text\/|application\/(xml|xhtml|json|rtf))/i.test(contentType.trim())
}

function kindsOfAttachment(data: string): readonly EntrySensitivity[] {
  if (data.length > MAX_ATTACHMENT) return ['withheld']
  const text = Buffer.from(data, 'base64').toString('utf8')
  return [...kindsOfText(text), ...kindsOfCodesIn(text)]
}

/** What a resource tells of its parts. */
function partsOf({ resource }: ReadEntry, byAddress: ReadonlyMap<string, number>): { holder: readonly EntrySensitivity[]; part: number }[] {
  const parts = new Set<number>()
  walkResource(resource, (object, field) => {
    if (!PARTS.has(field)) return
    const { reference } = isObject(object.item) ? object.item : object
    const part = typeof reference === 'string' ? resolveCautiously(reference, byAddress) : undefined
    if (part !== undefined) parts.add(part)
  })
  if (parts.size === 0) return []
  const holder = CONTAINERS.has(resource.resourceType) ? labelledSensitivities(resource) : ownSensitivities(resource)
  return holder.length === 0 ? [] : [...parts].map((part) => ({ holder, part }))
}

function targetsOf({ resource, category }: ReadEntry, byAddress: ReadonlyMap<string, number>): number[] {
  const targets = new Set<number>()
  walkResource(resource, ({ reference }, field) => {
    const isContent = !CIRCUMSTANCES.has(field) || (category === 'claims' && field === 'encounter')
    const target = typeof reference === 'string' && isContent ? resolveCautiously(reference, byAddress) : undefined
    if (target !== undefined) targets.add(target)
  })
  return [...targets]
}

function many(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isResource(value: unknown): value is ResourceLike {
  return isObject(value) && typeof value.resourceType === 'string'
}
