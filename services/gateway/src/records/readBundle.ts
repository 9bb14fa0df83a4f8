import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ResourceLike } from '@medsync/protocol'
import { CATEGORY_KEYS, WITHHELD_REASONS, type WithheldReason } from '@medsync/protocol'
import { SENSITIVITY_RULES } from '@medsync/protocol/sensitivity'
import type { BundleContents, BundleLimits, PartName } from './bundleContents.ts'
import { BundleParser, type EntryContext } from './bundleParser.ts'
import { clinicalSpan } from './clinicalSpan.ts'
import { bundleSensitivities, consentableKinds, entrySensitivities, type ReadEntry } from './entrySensitivities.ts'
import { joinSpans, type Span } from './fhirDate.ts'
import { identifyingWords } from './identifyingWords.ts'
import { isChanged } from './isChanged.ts'
import { patientIdentity, patientLabel } from './patientIdentity.ts'
import type { CategoryCount } from './records.ts'
import { addressesOf } from './references.ts'
import { type BundleEntry, settleBundle } from './settleBundle.ts'

const compress = promisify(gzip)

/** Checks one resource; throws the RecordError that names what is wrong. */
export type CheckResource = (resource: unknown, position: number) => ResourceLike

/** Reads one Bundle piece by piece, checking every resource as it comes. */
export class BundleReading {
  readonly #entries: Omit<BundleEntry, 'context'>[] = []
  readonly #parser: BundleParser

  constructor({ maxResources: maxEntries, maxElements }: BundleLimits, check: CheckResource) {
    this.#parser = new BundleParser((fullUrl, raw, position) => this.#entries.push({ fullUrl, resource: check(raw, position), position }), {
      maxEntries,
      maxElements,
    })
  }

  /** How many resources have been read. */
  get resources(): number {
    return this.#entries.length
  }

  /** @throws {RecordError} Not JSON, not a Bundle, an invalid resource, too many of them. */
  write(bytes: Uint8Array): void {
    this.#parser.write(bytes)
  }

  /**
   * Everything that becomes part of the record, sorted into parts.
   * @throws {RecordError} The Bundle is cut short, has not exactly one Patient, or is refused by `settleBundle`.
   */
  async end(): Promise<BundleContents> {
    const envelope = this.#parser.end()
    const contexts = new Map(envelope.contexts.map((context): [number, EntryContext] => [context.position, context]))
    const entries = this.#entries.map((entry): BundleEntry => ({ ...entry, context: contexts.get(entry.position) }))
    const { patient, kept, left, notStored } = settleBundle(envelope, entries)
    // What a stored resource points to tells its sensitivity even where it is not stored itself.
    const sensitivities = entrySensitivities([...kept, ...left], bundleSensitivities(envelope.meta)).slice(0, kept.length)
    const lines = new Map<PartName, string[]>()
    kept.forEach(({ fullUrl, resource, category }, index) => {
      const part: PartName = category ?? 'uncategorised'
      const ofPart = lines.get(part) ?? []
      if (ofPart.length === 0) lines.set(part, ofPart)
      ofPart.push(JSON.stringify({ fullUrl, sensitivities: sensitivities[index], resource }))
    })
    const parts = await Promise.all([...lines].map(async ([part, ofPart]) => ({ part, packed: await compress(ofPart.join('\n')) })))
    const withheldByLabel = sensitivities.filter((kinds) => kinds.includes('withheld')).length
    const counts = new Map<WithheldReason, number>([
      ...notStored,
      ['changed-meaning', kept.filter(({ resource }) => isChanged(resource)).length],
      ['withheld-label', withheldByLabel],
    ])
    return {
      patientIdentity: patientIdentity(patient.resource),
      withheld: WITHHELD_REASONS.map((reason) => ({ reason, count: counts.get(reason) ?? 0 })).filter(({ count }) => count > 0),
      parts,
      summary: {
        ...patientLabel(patient.resource),
        resources: kept.length,
        uncategorised: lines.get('uncategorised')?.length ?? 0,
        categories: countCategories(kept),
        sensitivities: consentableKinds(sensitivities.flat()),
        holdsWithheld: withheldByLabel > 0,
        patientUrls: addressesOf(patient),
        identifyingWords: identifyingWords(entries.map((entry) => ({ ...entry, category: undefined }))),
        sensitivityRules: SENSITIVITY_RULES,
      },
    }
  }
}

function countCategories(entries: readonly ReadEntry[]): CategoryCount[] {
  return CATEGORY_KEYS.flatMap((category) => {
    const members = entries.filter((entry) => entry.category === category)
    if (members.length === 0) return []
    const spans = members.map(({ resource }) => clinicalSpan(resource)).filter((span): span is Span => span !== undefined)
    const span = spans.reduce<Span | undefined>((whole, next) => joinSpans(next, whole), undefined)
    return [{ category, count: members.length, fromS: Math.max(0, span?.fromS ?? 0), toS: Math.max(0, span?.toS ?? 0) }]
  })
}
