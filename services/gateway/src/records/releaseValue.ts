import type { Pseudonyms } from './pseudonyms.ts'
import { resolveReference } from './references.ts'
import type { Kind, Shape } from './releasedFields.ts'
import type { Scrub } from './scrubText.ts'

/** What cleaning a value needs to know of the release it is for. */
export type Release = {
  readonly scrub: Scrub
  readonly pseudonyms: Pseudonyms
  /** Pseudonymous ids of all that leaves, by the addresses the record itself uses. */
  readonly released: ReadonlyMap<string, string>
  readonly patientUrls: ReadonlyMap<string, true>
  /** Reference to the patient under their pseudonym. */
  readonly patient: unknown
  /** Whether what clinicians wrote freely may leave. */
  readonly withNotes: boolean
}

const MASKED = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }] }

const quantity: Shape = { value: 'plain', comparator: 'plain', unit: 'text', system: 'plain', code: 'plain' }
const period: Shape = { start: 'plain', end: 'plain' }
const range: Shape = { low: 'quantity', high: 'quantity' }
const ratio: Shape = { numerator: 'quantity', denominator: 'quantity' }
const coding: Shape = { system: 'plain', version: 'plain', code: 'plain', display: 'text', userSelected: 'plain' }
const timing: Shape = {
  event: 'plain',
  repeat: {
    boundsDuration: 'quantity',
    boundsRange: 'range',
    boundsPeriod: 'period',
    ...Object.fromEntries(
      ['count', 'countMax', 'duration', 'durationMax', 'durationUnit', 'frequency', 'frequencyMax', 'period', 'periodMax', 'periodUnit']
        .concat(['dayOfWeek', 'timeOfDay', 'when', 'offset'])
        .map((name) => [name, 'plain' as const]),
    ),
  },
  code: 'concept',
}
const dosage: Shape = {
  sequence: 'plain',
  timing: 'timing',
  asNeededBoolean: 'plain',
  asNeededCodeableConcept: 'concept',
  site: 'concept',
  route: 'concept',
  method: 'concept',
  additionalInstruction: 'concept',
  doseAndRate: {
    type: 'concept',
    doseRange: 'range',
    doseQuantity: 'quantity',
    rateRatio: 'ratio',
    rateRange: 'range',
    rateQuantity: 'quantity',
  },
  maxDosePerPeriod: 'ratio',
  maxDosePerAdministration: 'quantity',
  maxDosePerLifetime: 'quantity',
}

/** Kinds that are objects of their own, by the fields of theirs that leave. */
const COMPOUND: Partial<Record<Kind, Shape>> = {
  concept: { coding: 'coding', text: 'text' },
  coding,
  quantity,
  period,
  range,
  ratio,
  timing,
  dosage,
  money: { value: 'plain', currency: 'plain' },
  sampled: {
    origin: 'quantity',
    period: 'plain',
    factor: 'plain',
    lowerLimit: 'plain',
    upperLimit: 'plain',
    dimensions: 'plain',
    data: 'text',
  },
}

const US_CORE = /^http:\/\/hl7\.org\/fhir\/us\/core\/StructureDefinition\/us-core-(race|ethnicity|birthsex)$/
const usCorePart: Shape = { url: 'plain', valueCoding: 'coding', valueString: 'verbatim', valueCode: 'plain' }

/** What leaves of an object: the fields of its shape that have something to say; undefined when none has. */
export function releaseObject(value: unknown, shape: Shape, release: Release): Record<string, unknown> | undefined {
  if (!isObject(value)) return undefined
  const kept: Record<string, unknown> = {}
  for (const [field, how] of Object.entries(shape)) {
    if (!Object.hasOwn(value, field)) continue
    const left = releaseValue(value[field], how === 'again' ? shape : how, release)
    if (left !== undefined) kept[field] = left
  }
  return Object.keys(kept).length === 0 ? undefined : kept
}

function releaseValue(value: unknown, how: Kind | Shape, release: Release): unknown {
  if (Array.isArray(value)) {
    const left = value.map((item) => releaseValue(item, how, release)).filter((item) => item !== undefined)
    return left.length === 0 ? undefined : left
  }
  if (typeof how === 'object') return releaseObject(value, how, release)
  const compound = COMPOUND[how]
  return compound === undefined ? releaseSimple(value, how, release) : releaseObject(value, compound, release)
}

function releaseSimple(value: unknown, kind: Kind, release: Release): unknown {
  switch (kind) {
    case 'plain':
      return isPlain(value) ? value : undefined
    case 'verbatim':
      return typeof value === 'string' ? value : undefined
    case 'text':
      return typeof value === 'string' ? release.scrub(value) : undefined
    case 'note':
      return typeof value === 'string' && release.withNotes ? release.scrub(value) : undefined
    case 'uid':
      return typeof value === 'string' ? release.pseudonyms.uid(value) : undefined
    case 'patient':
      return release.patient
    case 'reference':
      return releaseReference(value, release)
    case 'masked':
      return releaseReference(value, release) ?? MASKED
    case 'attachment':
      return releaseAttachment(value, release)
    case 'usCore':
      return releaseUsCore(value, release)
    default:
      return undefined
  }
}

/** A number, yes or no, or a code, date or address without a blank in it: nothing that could be a sentence. */
function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && /^\S{1,200}$/.test(value))
}

function releaseReference(value: unknown, release: Release): unknown {
  if (!isObject(value) || typeof value.reference !== 'string') return undefined
  if (resolveReference(value.reference, release.patientUrls)) return release.patient
  const id = resolveReference(value.reference, release.released)
  return id === undefined ? undefined : { reference: `urn:uuid:${id}` }
}

/** Only text can be searched for names; a picture or a PDF stays here. */
function releaseAttachment(value: unknown, release: Release): unknown {
  if (!isObject(value)) return undefined
  const type = typeof value.contentType === 'string' ? (value.contentType.split(';')[0] ?? '').trim().toLowerCase() : ''
  if (!release.withNotes || !/^text\/[a-z]+$/.test(type) || typeof value.data !== 'string') return MASKED
  const text = release.scrub(Buffer.from(value.data, 'base64').toString('utf8'))
  return { contentType: `${type}; charset=utf-8`, data: Buffer.from(text, 'utf8').toString('base64') }
}

/** Race, ethnicity and sex at birth as US Core writes them; every other extension stays. */
function releaseUsCore(value: unknown, release: Release): unknown {
  if (!isObject(value) || typeof value.url !== 'string' || !US_CORE.test(value.url)) return undefined
  return releaseObject(value, { url: 'plain', valueCode: 'plain', extension: usCorePart }, release)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
