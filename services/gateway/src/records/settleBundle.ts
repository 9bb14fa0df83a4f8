import { isDeepStrictEqual } from 'node:util'
import { categoryOf, type ResourceLike, type WithheldReason } from '@medsync/protocol'
import * as z from 'zod'
import { RecordError } from '../gatewayErrors.ts'
import { BundleAddresses, type IdentifierSearch, identifierSearch, isFoundBy } from './bundleAddresses.ts'
import type { BundleEnvelope, EntryContext } from './bundleParser.ts'
import type { ReadEntry } from './entrySensitivities.ts'
import { addressesOf, addressOf, baseOf, canonicalAddress, isRelative } from './references.ts'
import { walkResource } from './walkResource.ts'

/** A resource as it stands in the Bundle. */
export type BundleEntry = {
  readonly fullUrl: string | undefined
  readonly resource: ResourceLike
  /** Place in the Bundle, from 0. */
  readonly position: number
  readonly context: EntryContext | undefined
}

/** What becomes part of the record, and why the rest does not. */
export type SettledBundle = {
  readonly patient: ReadEntry
  /** The patient among them. References are written as the addresses of what they point to. */
  readonly kept: readonly ReadEntry[]
  /** Of this Bundle's resources those that are not stored; needed only to know what the others tell. */
  readonly left: readonly ReadEntry[]
  /** How many resources or requests are not stored, by reason. */
  readonly notStored: ReadonlyMap<WithheldReason, number>
}

/** Fields that name whom a resource is about. */
const SUBJECTS = ['subject', 'patient', 'beneficiary', 'individual', 'for', 'candidate'] as const
/** Fields through which a resource is about whomever the other resource is about. */
const PARTS = ['encounter', 'context', 'result', 'hasMember', 'derivedFrom', 'specimen', 'partOf'] as const
/** Types that are about nobody or have no subject of their own. */
const ABOUT_NOBODY = new Set(['Patient', 'Medication', 'Device'])
const INCOMPLETE_LINKS = new Set(['next', 'previous', 'prev', 'next-page', 'prev-page', 'previous-page'])
const SUBSETTED = 'SUBSETTED'
const WRITES = new Set(['POST', 'PUT'])
const READS = new Set(['GET', 'HEAD'])

const metaSchema = z.looseObject({
  versionId: z.string().optional().catch(undefined),
  lastUpdated: z.string().optional().catch(undefined),
  tag: z
    .array(z.looseObject({ code: z.string().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
})
const codingSchema = z.looseObject({ code: z.unknown().optional(), display: z.unknown().optional() })
const conceptSchema = z.looseObject({ coding: z.array(z.unknown()).catch([]), text: z.unknown().optional() })

/**
 * Decides what of a Bundle becomes the record: the latest version of each resource that is this patient's, that nobody deleted or withdrew, and that is no message of
 * the server. Nothing is passed over in silence.
 * @throws {RecordError} One page of a search, versions that cannot be put in order, a request that cannot be carried out, not exactly one Patient.
 */
export function settleBundle(envelope: BundleEnvelope, entries: readonly BundleEntry[]): SettledBundle {
  refuseParts(envelope, entries)
  refuseRequests(envelope)
  const count = new Counter()
  const results = entries.filter((entry) => !count.add('server-message', isServerMessage(entry)))
  const present = withoutDeleted(results, envelope.contexts, count)
  const current = latestVersions(present, count)
  const standing = current.filter((entry) => !count.add('withdrawn', isWithdrawn(entry.resource)))
  const patient = onlyPatient(standing)
  const addresses = new BundleAddresses(standing)
  const about = new Aboutness(standing, addresses, patient)
  const own = standing.filter((entry) => {
    const whose = about.of(entry)
    return !count.add('another-patient', whose === 'another') && !count.add('unknown-subject', whose === 'unknown')
  })
  const needed = withoutUnneeded(own, addresses, count)
  const isKept = new Set(needed)
  const settled = (entry: BundleEntry): ReadEntry => normalise(entry, addresses, patient)
  return {
    patient: settled(patient),
    kept: needed.map(settled),
    left: present.filter((entry) => !isKept.has(entry)).map(settled),
    notStored: count.byReason,
  }
}

class Counter {
  readonly byReason = new Map<WithheldReason, number>()

  /** Counts one when it is so. @returns Whether it is so. */
  add(reason: WithheldReason, isSo: boolean): boolean {
    if (isSo) this.byReason.set(reason, (this.byReason.get(reason) ?? 0) + 1)
    return isSo
  }
}

/** A record is replaced by what is uploaded, so a part of one would delete the rest. */
function refuseParts({ total, links, meta }: BundleEnvelope, entries: readonly BundleEntry[]): void {
  const link = links.find((relation) => INCOMPLETE_LINKS.has(relationOf(relation)))
  if (link !== undefined) throw new RecordError('record/one-page', `link ${relationOf(link)}`)
  if (isSubsetted(meta)) throw new RecordError('record/one-page', 'SUBSETTED')
  const subset = entries.find(({ resource }) => isSubsetted(resource.meta))
  if (subset !== undefined) throw new RecordError('record/one-page', `entry ${subset.position}: SUBSETTED`)
  if (total === undefined) return
  if (typeof total !== 'number' || !Number.isInteger(total) || total < 0) throw new RecordError('record/not-a-bundle', 'total')
  const matches = entries.filter((entry) => (entry.context?.mode ?? 'match') === 'match' && !isServerMessage(entry))
  // The same resource on two pages is one match.
  const distinct = new Set(matches.map((entry) => addressesOf(entry)[0] ?? entry.position)).size
  if (distinct < total) throw new RecordError('record/one-page', `${distinct} of ${total}`)
}

/** A registered relation can be written by its name or as the URL that ends in it. */
function relationOf(relation: string): string {
  return relation.trim().toLowerCase().split(/[/#]/).at(-1) ?? ''
}

function isSubsetted(meta: unknown): boolean {
  return metaSchema.safeParse(meta).data?.tag?.some(({ code }) => code === SUBSETTED) === true
}

/** What a patch or a method of the uploader's own makes of a resource is not known here. */
function refuseRequests({ contexts }: BundleEnvelope): void {
  for (const context of contexts) {
    const { method, position } = context
    if (method === undefined || WRITES.has(method) || READS.has(method) || (method === 'DELETE' && saysWhat(context))) continue
    throw new RecordError('record/unsupported-request', `entry ${position}`)
  }
}

/** Whether a Bundle alone tells what a deletion is of: an address, or a search by one identifier. */
function saysWhat({ url, fullUrl }: EntryContext): boolean {
  if (url === undefined) return fullUrl !== undefined
  const plain = withoutSlashes(url)
  return identifierSearch(plain) !== undefined || isRelative(plain) || baseOf(plain) !== undefined || /^urn:/i.test(plain)
}

const withoutSlashes = (url: string): string => url.trim().replace(/^\/+|\/+$/g, '')

/** Answers and notices of the server that was asked, not data of a patient. */
function isServerMessage({ resource, context }: BundleEntry): boolean {
  const isFailed = context?.status !== undefined && /^[45]/.test(context.status)
  return resource.resourceType === 'OperationOutcome' || context?.mode === 'outcome' || isFailed || READS.has(context?.method ?? '')
}

/** Takes out what the Bundle itself deletes, in whatever order it says so. */
function withoutDeleted(entries: readonly BundleEntry[], contexts: readonly EntryContext[], count: Counter): BundleEntry[] {
  const deletions = contexts.filter(({ method }) => method === 'DELETE')
  if (deletions.length === 0) return [...entries]
  const addresses = new BundleAddresses(entries)
  const positions = new Set(deletions.map(({ position }) => position))
  const gone = new Set<string>()
  const searches: IdentifierSearch[] = []
  for (const { url: said, fullUrl } of deletions) {
    count.add('deleted', true)
    const url = said === undefined ? undefined : withoutSlashes(said)
    const search = url === undefined ? undefined : identifierSearch(url)
    if (search !== undefined) searches.push(search)
    const target = url === undefined ? undefined : addresses.resolve({ reference: url }, fullUrl)
    for (const address of [fullUrl, url, target === undefined ? undefined : addresses.addressOf(target)]) {
      if (address !== undefined) gone.add(canonicalAddress(address))
    }
  }
  return entries.filter((entry) => {
    if (positions.has(entry.position)) return false
    const { resource, fullUrl } = entry
    const isGone = [fullUrl, `${resource.resourceType}/${resource.id}`].some((at) => at !== undefined && gone.has(canonicalAddress(at)))
    return !count.add('deleted', isGone || searches.some((search) => isFoundBy(entry, search)))
  })
}

/** Of each resource the version that counts. */
function latestVersions(entries: readonly BundleEntry[], count: Counter): BundleEntry[] {
  const latest = new Map<string, BundleEntry>()
  const keyOf = new Map<string, string>()
  const bases = new Set(entries.map(({ fullUrl }) => baseOf(fullUrl)).filter((base) => base !== undefined))
  const home = bases.size === 1 ? [...bases][0] : undefined
  for (const entry of entries) {
    const identities = identitiesOf(entry, home)
    const key =
      identities.map((identity) => keyOf.get(identity)).find((known) => known !== undefined) ?? identities[0] ?? `#${entry.position}`
    for (const identity of identities) keyOf.set(identity, key)
    const known = latest.get(key)
    count.add('superseded', known !== undefined)
    latest.set(key, known === undefined ? entry : later(known, entry))
  }
  return [...latest.values()].sort((one, other) => one.position - other.position)
}

/**
 * A URL of a server says which resource it is; without one type and id do as well.
 * @param home - The only server in the Bundle.
 */
function identitiesOf({ fullUrl, resource }: BundleEntry, home: string | undefined): string[] {
  // One server over http and https is one server: a withdrawal must not miss what it withdraws.
  const plain = (address: string): string => address.replace(/^https:/, 'http:')
  const url = fullUrl === undefined ? [] : [plain(canonicalAddress(fullUrl))]
  if (typeof resource.id !== 'string' || baseOf(fullUrl) !== undefined) return url
  const byId = `${resource.resourceType}/${resource.id}`
  return fullUrl === undefined && home !== undefined ? [plain(`${home}${byId}`), byId] : [...url, byId]
}

/** @throws {RecordError} Neither version number nor time says which is later, and they differ. */
function later(one: BundleEntry, other: BundleEntry): BundleEntry {
  const [first, second] = [metaOf(one.resource), metaOf(other.resource)]
  const byNumber = signOf(numberOf(second.versionId), numberOf(first.versionId))
  const byTime = signOf(timeOf(second.lastUpdated), timeOf(first.lastUpdated))
  const isContradiction = byNumber !== undefined && byTime !== undefined && byNumber * byTime < 0
  const order = isContradiction ? 0 : (byNumber ?? byTime ?? 0)
  if (order !== 0) return order > 0 ? other : one
  if (!isContradiction && isDeepStrictEqual(one.resource, other.resource)) return one
  throw new RecordError('record/versions-unordered', `entries ${one.position} and ${other.position}`)
}

const numberOf = (version: string | undefined): bigint | undefined =>
  version !== undefined && /^\d{1,18}$/.test(version) ? BigInt(version) : undefined

function timeOf(text: string | undefined): bigint | undefined {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? undefined : BigInt(ms)
}

function signOf(one: bigint | undefined, other: bigint | undefined): number | undefined {
  if (one === undefined || other === undefined) return undefined
  return one > other ? 1 : one < other ? -1 : 0
}

/** Entered in error: it was never so. Said as a code, in any spelling, or in words alone: taking too much for withdrawn is the cautious side. */
function isWithdrawn(resource: ResourceLike): boolean {
  const { status, docStatus, verificationStatus } = resource
  const concept = conceptSchema.safeParse(verificationStatus).data
  const codings = (concept?.coding ?? []).map((coding) => codingSchema.safeParse(coding).data)
  const said = [status, docStatus, concept?.text, ...codings.flatMap((coding) => [coding?.code, coding?.display])]
  return said.some(
    (one) =>
      typeof one === 'string' &&
      one
        .trim()
        .toLowerCase()
        .replace(/[\s_-]+/g, '-') === 'entered-in-error',
  )
}

/** The Patient; one that came along with a search (a mother, a namesake) is not meant while there is another. */
function onlyPatient(entries: readonly BundleEntry[]): BundleEntry {
  const patients = entries.filter(({ resource }) => resource.resourceType === 'Patient')
  if (patients.length === 0) throw new RecordError('record/no-patient')
  const found = patients.filter(({ context }) => context?.mode !== 'include')
  const [patient, other] = found.length > 0 ? found : patients
  if (patient === undefined || other !== undefined) throw new RecordError('record/several-patients')
  return patient
}

type Whose = 'patient' | 'nobody' | 'another' | 'unknown'

/** Whom each resource of a Bundle is about: by its own subject, and by what it is a part or a summary of. */
class Aboutness {
  readonly #addresses: BundleAddresses<BundleEntry>
  readonly #patient: BundleEntry
  /** Whether the Bundle has another Patient, of whom what names nobody could be. */
  readonly #hasOthers: boolean
  readonly #found: Map<BundleEntry, Whose>

  constructor(entries: readonly BundleEntry[], addresses: BundleAddresses<BundleEntry>, patient: BundleEntry) {
    this.#addresses = addresses
    this.#patient = patient
    this.#hasOthers = entries.some((entry) => entry !== patient && entry.resource.resourceType === 'Patient')
    this.#found = new Map(entries.map((entry): [BundleEntry, Whose] => [entry, this.#itself(entry)]))
    const parts = new Map(entries.map((entry): [BundleEntry, BundleEntry[]] => [entry, this.#partsOf(entry)]))
    const wholes = new Map<BundleEntry, BundleEntry[]>()
    for (const [entry, targets] of parts) {
      for (const target of targets) {
        const known = wholes.get(target)
        if (known === undefined) wholes.set(target, [entry])
        else known.push(entry)
      }
    }
    const foreign = entries.filter((entry) => this.#found.get(entry) === 'another')
    for (let next = foreign.pop(); next !== undefined; next = foreign.pop()) {
      for (const whole of wholes.get(next) ?? []) {
        if (this.#found.get(whole) === 'another' || whole === patient) continue
        this.#found.set(whole, 'another')
        foreign.push(whole)
      }
    }
  }

  of(entry: BundleEntry): Whose {
    return this.#found.get(entry) ?? 'unknown'
  }

  #itself(entry: BundleEntry): Whose {
    if (entry === this.#patient) return 'patient'
    const { resource, fullUrl } = entry
    if (resource.resourceType === 'Patient') return 'another'
    const named = SUBJECTS.flatMap((field) => (resource[field] === undefined ? [] : [resource[field]].flat()))
    const whose = named.map((subject) => this.#named(subject, fullUrl))
    if (whose.includes('another')) return 'another'
    if (whose.includes('unknown')) return 'unknown'
    if (whose.length > 0) return 'patient'
    const [here, home] = [baseOf(fullUrl), baseOf(this.#patient.fullUrl)]
    const isElsewhere = here !== undefined && home !== undefined && here !== home
    const isOfSomebody = categoryOf(resource) !== undefined && !ABOUT_NOBODY.has(resource.resourceType)
    const isUnclear = isElsewhere || (this.#hasOthers && !this.#isOfOwnVisit(entry))
    return isUnclear && isOfSomebody ? 'unknown' : 'nobody'
  }

  /** A visit that says it is the patient's says so for what belongs to it. */
  #isOfOwnVisit({ resource, fullUrl }: BundleEntry): boolean {
    const visit = this.#addresses.resolve(resource['encounter'], fullUrl)
    return visit !== undefined && SUBJECTS.some((field) => this.#named(visit.resource[field], visit.fullUrl) === 'patient')
  }

  #named(subject: unknown, from: string | undefined): Whose {
    if (this.#addresses.resolve(subject, from, ['Patient']) === this.#patient) return 'patient'
    return typeof subject === 'object' && subject !== null && ('reference' in subject || 'identifier' in subject) ? 'another' : 'unknown'
  }

  #partsOf({ resource, fullUrl }: BundleEntry): BundleEntry[] {
    const values = PARTS.flatMap((field) => [resource[field]].flat()).flatMap((value) => [value, ...encountersIn(value)])
    return values.map((value) => this.#addresses.resolve(value, fullUrl)).filter((entry) => entry !== undefined)
  }
}

/** A document says its visits in its context. */
function encountersIn(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null && 'encounter' in value ? [value.encounter].flat() : []
}

/** What a search brought along and that is not the patient's own is stored only where something stored points to it. */
function withoutUnneeded(entries: readonly BundleEntry[], addresses: BundleAddresses<BundleEntry>, count: Counter): BundleEntry[] {
  const isExtra = ({ resource, context }: BundleEntry): boolean =>
    context?.mode === 'include' && resource.resourceType !== 'Patient' && SUBJECTS.every((field) => resource[field] === undefined)
  if (!entries.some(isExtra)) return [...entries]
  const reached = new Set(entries.filter((entry) => !isExtra(entry)))
  for (const entry of reached) {
    walkResource(entry.resource, (value) => {
      const target = addresses.resolve(value, entry.fullUrl)
      if (target !== undefined) reached.add(target)
    })
  }
  return entries.filter((entry) => !count.add('not-needed', !reached.has(entry)))
}

/** Writes every reference as the address of what it points to, so that whoever reads one later needs no Bundle to understand it. */
function normalise(entry: BundleEntry, addresses: BundleAddresses<BundleEntry>, patient: BundleEntry): ReadEntry {
  const { resource, fullUrl } = entry
  const rewritten = rewrite(resource, (reference) => {
    const target = addresses.resolve(reference, fullUrl)
    const address = target === undefined ? undefined : addresses.addressOf(target)
    if (address !== undefined) return address
    const said = reference.reference
    return typeof said === 'string' && baseOf(fullUrl) !== undefined ? addressOf(said, fullUrl) : undefined
  })
  const patientAddress = addresses.addressOf(patient)
  for (const field of SUBJECTS) {
    const subject = rewritten[field]
    const isByIdentifier = typeof subject === 'object' && subject !== null && !Array.isArray(subject) && !('reference' in subject)
    if (!isByIdentifier || patientAddress === undefined) continue
    if (addresses.resolve(subject, fullUrl, ['Patient']) === patient) rewritten[field] = { ...subject, reference: patientAddress }
  }
  return {
    fullUrl: fullUrl === undefined ? undefined : canonicalAddress(fullUrl),
    resource: { ...rewritten, resourceType: resource.resourceType },
    category: categoryOf(resource),
  }
}

type JsonObject = { readonly [field: string]: unknown }

/** A copy in which `addressFor` says how each reference is written; undefined leaves it. */
function rewrite(resource: JsonObject, addressFor: (reference: JsonObject) => string | undefined): Record<string, unknown> {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy)
    if (typeof value !== 'object' || value === null) return value
    return copyObject(value as JsonObject)
  }
  const copyObject = (object: JsonObject): Record<string, unknown> => {
    const copied = Object.fromEntries(Object.entries(object).map(([field, inner]) => [field, copy(inner)]))
    const address = typeof object['reference'] === 'string' ? addressFor(object) : undefined
    return address === undefined ? copied : { ...copied, reference: address }
  }
  return copyObject(resource)
}

function metaOf(resource: ResourceLike): z.output<typeof metaSchema> {
  const parsed = metaSchema.safeParse(resource.meta)
  return parsed.success ? parsed.data : {}
}
