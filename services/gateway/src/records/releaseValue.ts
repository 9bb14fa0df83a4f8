import { createHash } from 'node:crypto'
import { isLocalCode, isPublicCode, isTerm, isUri } from './codeSystems.ts'
import { FHIR_CODES } from './fhirCodes.ts'
import { isDateOrTime } from './fhirDate.ts'
import { attachedText, isPlainText } from './plainText.ts'
import type { Pseudonyms } from './pseudonyms.ts'
import { resolveReference } from './references.ts'
import type { Kind, Shape } from './releasedFields.ts'
import { isResultWord } from './resultWords.ts'
import { REMOVED, type Scrub } from './scrubText.ts'
import { isWrittenUnit, releasedUcum } from './unitCodes.ts'

/** What cleaning a value needs to know of the release it is for. */
export type Release = {
  readonly scrub: Scrub
  readonly pseudonyms: Pseudonyms
  /** Pseudonymous ids of all that leaves, by the addresses the record itself uses. */
  readonly released: ReadonlyMap<string, string>
  readonly patientUrls: ReadonlyMap<string, true>
  /** Reference to the patient under their pseudonym. */
  readonly patient: unknown
  /** Whether this free text may leave, before names are taken out. Never, unless the consent covers notes and documents. */
  readonly mayTell: (text: string) => boolean
  /** Whether the resource is itself a note or document. */
  readonly isDocument: boolean
  /** Called for each free text and each attachment that is left out. */
  readonly leftOut: () => void
}

const MASKED = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }] }

const period: Shape = { start: 'plain', end: 'plain' }
const range: Shape = { low: 'quantity', high: 'quantity' }
const ratio: Shape = { numerator: 'quantity', denominator: 'quantity' }
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

/** Kinds that are objects made of others, by the fields of theirs that leave. */
const COMPOUND: Partial<Record<Kind, Shape>> = {
  period,
  range,
  ratio,
  timing,
  dosage,
}

const UCUM = 'http://unitsofmeasure.org'
const US_CORE = /^http:\/\/hl7\.org\/fhir\/us\/core\/StructureDefinition\/us-core-(race|ethnicity|birthsex)$/
const US_CORE_PARTS = /^(ombCategory|detailed|text)$/
const US_CORE_SEXES = /^(F|M|UNK|OTH|ASKU)$/
/** As FHIR R4 has it (SampledDataDataType), with an exponent as well. */
const SAMPLE = /^(?:[EUL]|-?\d{1,20}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?)$/
/** Link ids that are numbers, as most are: no words. */
const NUMBERED = /^[\d./-]{1,40}$/
/** Of an address and telephone at the most; a number of up to three digits says nothing of anybody. */
const MIN_IDENTIFYING = 4

/** What leaves of an object: the fields of its shape that have something to say; undefined when none has. */
export function releaseObject(value: unknown, shape: Shape, release: Release): Record<string, unknown> | undefined {
  if (!isObject(value)) return undefined
  const kept: Record<string, unknown> = {}
  for (const [field, how] of Object.entries(shape)) {
    if (!Object.hasOwn(value, field)) continue
    const left = releaseValue(value[field], how === 'again' ? shape : how, release)
    if (left !== undefined) kept[field] = left
    // FHIR demands some of these fields, and whoever reads it should see that something was there.
    else if (isWords(how) && typeof value[field] === 'string') kept[`_${field}`] = MASKED
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
    case 'concept':
      return releaseConcept(value, release)
    case 'coding':
      return releaseCoding(value, release)
    case 'quantity':
      return releaseQuantity(value, release)
    case 'money':
      return releaseMoney(value)
    case 'sampled':
      return releaseSampled(value, release)
    case 'uid':
      return typeof value === 'string' ? release.pseudonyms.uid(value) : undefined
    case 'link':
      return typeof value === 'string' ? linkOf(value) : undefined
    case 'canonical':
      return typeof value === 'string' ? canonicalOf(value, release) : undefined
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
      return releaseWords(value, kind, release)
  }
}

function isWords(kind: Kind | Shape): boolean {
  return kind === 'text' || kind === 'note' || kind === 'result'
}

function releaseWords(value: unknown, kind: Kind, release: Release): unknown {
  if (typeof value !== 'string') return undefined
  switch (kind) {
    case 'verbatim':
      return value
    case 'text':
      return releaseText(value, release)
    case 'note':
      return release.isDocument ? releaseText(value, release) : leaveOut(release)
    case 'result':
      return isResultWord(value) && !isIdentifying(value, release) ? value : releaseText(value, release)
    default:
      return undefined
  }
}

/** A number, yes or no, a date or a time, or a code of a list that FHIR closes. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'string') return typeof value === 'number' || typeof value === 'boolean'
  return FHIR_CODES.has(value) || isDateOrTime(value)
}

/** Free text, with names taken out; undefined when it may not leave, or when names in it could not be found. */
function releaseText(value: string, release: Release): string | undefined {
  return release.mayTell(value) && isPlainText(value) ? release.scrub(value) : leaveOut(release)
}

/** A text that is taken whole or not at all: with a name in it, it does not leave. */
function releaseWhole(value: string, release: Release): string | undefined {
  const text = releaseText(value, release)
  if (text === undefined) return undefined
  return text === value.normalize('NFC') ? value : leaveOut(release)
}

function leaveOut(release: Release): undefined {
  release.leftOut()
  return undefined
}

function isIdentifying(value: string, release: Release): boolean {
  return value.trim().length >= MIN_IDENTIFYING && release.scrub(value) !== value.normalize('NFC')
}

function releaseConcept(value: unknown, release: Release): unknown {
  if (!isObject(value)) return undefined
  const coding = present([value.coding].flat().map((each) => releaseCoding(each, release)))
  const text = typeof value.text === 'string' ? releaseConceptText(value.text, coding, release) : undefined
  return withoutEmpty({ coding: coding.length === 0 ? undefined : coding, text }) ?? MASKED
}

/** A text that repeats a display which leaves is that display; any other one is free text. */
function releaseConceptText(text: string, codings: readonly Record<string, unknown>[], release: Release): string | undefined {
  return codings.some(({ display }) => display === text) ? text : releaseText(text, release)
}

/**
 * A code of a public system leaves with its display; of a hospital's own one the code leaves, and the display as free text. Without a system, the code is free text, too.
 * A display is never changed: with a name in it, it does not leave.
 */
function releaseCoding(value: unknown, release: Release): Record<string, unknown> | undefined {
  if (!isObject(value)) return undefined
  const { system, code, display, version } = value
  const isPublic = typeof system === 'string' && typeof code === 'string' && isPublicCode(system, code)
  const isLocal = typeof system === 'string' && typeof code === 'string' && isLocalCode(system, code) && !isIdentifying(code, release)
  const said = typeof code === 'string' && !isPublic && !isLocal ? releaseUnknownCode(code, release) : code
  const shown = typeof display === 'string' ? releaseDisplay(display, isPublic, release) : undefined
  if (typeof said !== 'string' && shown === undefined) return undefined
  return withoutEmpty({
    system: isPublic || (typeof system === 'string' && isUri(system) && !isIdentifying(system, release)) ? system : undefined,
    version: isPublic && typeof version === 'string' && isVersion(version) ? version : undefined,
    code: typeof said === 'string' ? said : undefined,
    display: shown,
    userSelected: typeof value.userSelected === 'boolean' ? value.userSelected : undefined,
  })
}

/** A code of nobody knows which system, whole: a name alone is none. */
function releaseUnknownCode(code: string, release: Release): string | undefined {
  const isCode = /^\S{1,64}$/.test(code) && release.mayTell(code) && isPlainText(code) && release.scrub(code) !== REMOVED
  return isCode ? code : leaveOut(release)
}

function releaseDisplay(display: string, isPublic: boolean, release: Release): string | undefined {
  if (isPublic && isTerm(display)) return release.scrub(display) === display.normalize('NFC') ? display : leaveOut(release)
  return releaseWhole(display, release)
}

/** Versions that are a day or a number, or SNOMED CT's own. */
function isVersion(version: string): boolean {
  return /^(?:\d[\d.-]{0,19}|http:\/\/snomed\.info\/sct\/\d{6,18}\/version\/\d{8})$/.test(version)
}

/** The number is never changed. A unit leaves when it is one; a code in UCUM without what may stand in braces. */
function releaseQuantity(value: unknown, release: Release): unknown {
  if (!isObject(value)) return undefined
  const { system, code, unit } = value
  const isUcum = system === undefined || system === UCUM
  const coded = typeof code === 'string' && isUcum ? releasedUcum(code) : undefined
  const known = coded ?? (typeof code === 'string' && typeof system === 'string' && isPublicCode(system, code) ? code : undefined)
  return withoutEmpty({
    value: typeof value.value === 'number' ? value.value : undefined,
    comparator: isPlain(value.comparator) ? value.comparator : undefined,
    unit: typeof unit === 'string' ? releaseUnit(unit, known, release) : undefined,
    system: known === undefined ? undefined : system,
    code: known,
  })
}

function releaseUnit(unit: string, code: string | undefined, release: Release): string | undefined {
  return unit === code || isWrittenUnit(unit) || releasedUcum(unit) === unit ? unit : releaseWhole(unit, release)
}

function releaseMoney(value: unknown): unknown {
  if (!isObject(value)) return undefined
  return withoutEmpty({
    value: typeof value.value === 'number' ? value.value : undefined,
    currency: typeof value.currency === 'string' && /^[A-Z]{3}$/.test(value.currency) ? value.currency : undefined,
  })
}

/** An ECG, say. Its numbers leave byte for byte or not at all: whatever is in them is no name, but it could look like a record number. */
function releaseSampled(value: unknown, release: Release): unknown {
  if (!isObject(value)) return undefined
  const numbers = ['period', 'factor', 'lowerLimit', 'upperLimit', 'dimensions'] as const
  const { data } = value
  const isSeries =
    typeof data === 'string' &&
    data
      .trim()
      .split(/\s+/)
      .every((sample) => SAMPLE.test(sample))
  if (typeof data === 'string' && !isSeries) leaveOut(release)
  return withoutEmpty({
    origin: releaseQuantity(value.origin, release),
    ...Object.fromEntries(numbers.map((field) => [field, typeof value[field] === 'number' ? value[field] : undefined])),
    data: isSeries ? data : undefined,
  })
}

/** FHIR demands a link id; one in words is told by its hash, the same in every record, so that answers can still be compared. */
function linkOf(linkId: string): string {
  return NUMBERED.test(linkId) ? linkId : `link-${createHash('sha256').update(linkId).digest('hex').slice(0, 16)}`
}

function canonicalOf(address: string, release: Release): string | undefined {
  const [unversioned = ''] = address.split('|')
  return isUri(unversioned) && !isIdentifying(unversioned, release) ? unversioned : undefined
}

function releaseReference(value: unknown, release: Release): unknown {
  if (!isObject(value) || typeof value.reference !== 'string') return undefined
  if (resolveReference(value.reference, release.patientUrls)) return release.patient
  const id = resolveReference(value.reference, release.released)
  return id === undefined ? undefined : { reference: `urn:uuid:${id}` }
}

/** Type and text only: a title is free text, an address leads elsewhere, and size and hash are those of what was there before names were taken out. */
function releaseAttachment(value: unknown, release: Release): unknown {
  if (!isObject(value)) return undefined
  const text = release.isDocument ? attachedText(value.contentType, value.data) : undefined
  if (text === undefined || !release.mayTell(text)) {
    release.leftOut()
    return MASKED
  }
  return { contentType: 'text/plain; charset=utf-8', data: Buffer.from(release.scrub(text), 'utf8').toString('base64') }
}

/** Race, ethnicity and sex at birth as US Core writes them; every other extension stays. */
function releaseUsCore(value: unknown, release: Release): unknown {
  if (!isObject(value) || typeof value.url !== 'string' || !US_CORE.test(value.url)) return undefined
  if (typeof value.valueCode === 'string')
    return US_CORE_SEXES.test(value.valueCode) ? { url: value.url, valueCode: value.valueCode } : undefined
  const parts = [value.extension]
    .flat()
    .filter(isObject)
    .filter(({ url }) => typeof url === 'string' && US_CORE_PARTS.test(url))
  const codings = present(parts.map((part) => releaseCoding(part.valueCoding, release)))
  const extension = parts.flatMap((part): unknown[] => {
    const coding = releaseCoding(part.valueCoding, release)
    if (coding !== undefined) return [{ url: part.url, valueCoding: coding }]
    const text = typeof part.valueString === 'string' ? releaseConceptText(part.valueString, codings, release) : undefined
    return text === undefined ? [] : [{ url: part.url, valueString: text }]
  })
  return extension.length === 0 ? undefined : { url: value.url, extension }
}

/** The fields that have a value; undefined when none has. */
function withoutEmpty(fields: Record<string, unknown>): Record<string, unknown> | undefined {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined)
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
