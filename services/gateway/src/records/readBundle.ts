import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ResourceLike } from '@medsync/protocol'
import { CATEGORY_KEYS, categoryOf } from '@medsync/protocol'
import { SENSITIVITY_RULES } from '@medsync/protocol/sensitivity'
import { RecordError } from '../gatewayErrors.ts'
import type { BundleContents, BundleLimits, PartName } from './bundleContents.ts'
import { BundleParser } from './bundleParser.ts'
import { clinicalSpan } from './clinicalSpan.ts'
import { bundleSensitivities, consentableKinds, entrySensitivities, type ReadEntry } from './entrySensitivities.ts'
import { joinSpans, type Span } from './fhirDate.ts'
import { identifyingWords } from './identifyingWords.ts'
import { patientIdentity, patientLabel } from './patientIdentity.ts'
import type { CategoryCount } from './records.ts'
import { addressesOf } from './references.ts'

const compress = promisify(gzip)

/** Checks one resource; throws the RecordError that names what is wrong. */
export type CheckResource = (resource: unknown, position: number) => ResourceLike

/** Reads one Bundle piece by piece, checking every resource as it comes. */
export class BundleReading {
  readonly #entries: ReadEntry[] = []
  readonly #parser: BundleParser

  constructor(limits: BundleLimits, check: CheckResource) {
    this.#parser = new BundleParser((fullUrl, raw, position) => {
      if (position >= limits.maxResources) throw new RecordError('record/too-many-resources', `more than ${limits.maxResources}`)
      const resource = check(raw, position)
      this.#entries.push({ fullUrl, resource, category: categoryOf(resource) })
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
   * Everything that was read, sorted into parts.
   * @throws {RecordError} The Bundle is cut short, or has not exactly one Patient.
   */
  async end(): Promise<BundleContents> {
    const { meta } = this.#parser.end()
    const patient = onlyPatient(this.#entries)
    const sensitivities = entrySensitivities(this.#entries, bundleSensitivities(meta))
    const lines = new Map<PartName, string[]>()
    this.#entries.forEach(({ fullUrl, resource, category }, index) => {
      const part: PartName = category ?? 'uncategorised'
      const ofPart = lines.get(part) ?? []
      if (ofPart.length === 0) lines.set(part, ofPart)
      ofPart.push(JSON.stringify({ fullUrl, sensitivities: sensitivities[index], resource }))
    })
    const parts = await Promise.all([...lines].map(async ([part, ofPart]) => ({ part, packed: await compress(ofPart.join('\n')) })))
    return {
      patientIdentity: patientIdentity(patient.resource),
      parts,
      summary: {
        ...patientLabel(patient.resource),
        resources: this.#entries.length,
        uncategorised: lines.get('uncategorised')?.length ?? 0,
        categories: countCategories(this.#entries),
        sensitivities: consentableKinds(sensitivities.flat()),
        holdsWithheld: sensitivities.flat().includes('withheld'),
        patientUrls: addressesOf(patient),
        identifyingWords: identifyingWords(this.#entries),
        sensitivityRules: SENSITIVITY_RULES,
      },
    }
  }
}

function onlyPatient(entries: readonly ReadEntry[]): ReadEntry {
  const [patient, other] = entries.filter(({ resource }) => resource.resourceType === 'Patient')
  if (patient === undefined) throw new RecordError('record/no-patient')
  if (other !== undefined) throw new RecordError('record/several-patients')
  return patient
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
