import * as z from 'zod'
import { type Addressed, addressesOf, addressOf, baseOf, canonicalAddress, isRelative } from './references.ts'

const identifierSchema = z.looseObject({ system: z.string().optional().catch(undefined), value: z.string() })
const referenceSchema = z.looseObject({
  reference: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  identifier: identifierSchema.optional().catch(undefined),
})
const SEARCH = /^([A-Z][A-Za-z]{1,63})\?(.{1,2000})$/
const PROFILE_TYPE = /^(?:http:\/\/hl7\.org\/fhir\/StructureDefinition\/)?([A-Z][A-Za-z]+)$/

/**
 * Finds what the references of one Bundle point to, by the rules of FHIR R4: absolute ones by full URL, relative ones under the server of their own entry, searches
 * (`Patient?identifier=system|value`) and references by identifier among the identifiers of the Bundle's own resources. What could be two resources is neither.
 */
export class BundleAddresses<T extends Addressed> {
  /** The servers that stand in full URLs. */
  readonly bases: ReadonlySet<string>
  readonly #byUrl = new Map<string, T>()
  /** By type and id; undefined where several resources share them. */
  readonly #byTypeAndId = new Map<string, T | undefined>()
  readonly #byIdentifier = new Map<string, T | undefined>()

  /** @param entries - One for each resource; of several versions the one that counts. */
  constructor(entries: readonly T[]) {
    this.bases = new Set(entries.map(({ fullUrl }) => baseOf(fullUrl)).filter((base) => base !== undefined))
    for (const entry of entries) {
      const { fullUrl, resource } = entry
      if (fullUrl !== undefined) this.#byUrl.set(canonicalAddress(fullUrl), entry)
      if (typeof resource.id === 'string') put(this.#byTypeAndId, `${resource.resourceType}/${resource.id}`, entry)
      for (const { system, value } of identifiersOf(entry)) {
        put(this.#byIdentifier, identifierKey(resource.resourceType, system, value), entry)
        if (system !== undefined) put(this.#byIdentifier, identifierKey(resource.resourceType, '*', value), entry)
      }
    }
  }

  /**
   * @param value - A FHIR Reference.
   * @param from - Full URL of the entry that holds it.
   * @param types - The types that a reference by identifier may mean when it does not say.
   * @returns Undefined when it points outside, to two resources, or to another type than it says.
   */
  resolve(value: unknown, from: string | undefined, types: readonly string[] = []): T | undefined {
    const parsed = referenceSchema.safeParse(value)
    if (!parsed.success) return undefined
    const { reference, type, identifier } = parsed.data
    const said = type === undefined ? undefined : PROFILE_TYPE.exec(type)?.[1]
    const found =
      reference === undefined ? this.#identified(identifier, said === undefined ? types : [said]) : this.#referred(reference, from)
    const isOther = type !== undefined && found !== undefined && said !== found.resource.resourceType
    return isOther ? undefined : found
  }

  /** The address under which a resource of this Bundle is stored and found again. */
  addressOf(entry: T): string | undefined {
    return addressesOf(entry)[0]
  }

  #referred(reference: string, from: string | undefined): T | undefined {
    const search = SEARCH.exec(reference)
    if (search !== null) return this.#searched(search[1] ?? '', search[2] ?? '')
    const address = addressOf(reference, from)
    if (address === undefined) return undefined
    if (!isRelative(reference)) return this.#byUrl.get(address) ?? this.#withoutUrl(address)
    return baseOf(from) === undefined ? this.#unplaced(address) : (this.#byUrl.get(address) ?? this.#withoutUrl(address))
  }

  /** Where all full URLs are of one server, a resource that has none stands on it as well. */
  #withoutUrl(address: string): T | undefined {
    const [base = ''] = this.bases
    if (this.bases.size !== 1 || !address.startsWith(base)) return undefined
    const entry = this.#byTypeAndId.get(address.slice(base.length))
    return entry?.fullUrl === undefined ? entry : undefined
  }

  /** A relative reference of an entry that says no server: of the Bundle's only one; where there are several, only a resource without a server too can be meant. */
  #unplaced(address: string): T | undefined {
    const entry = this.#byTypeAndId.get(address)
    if (this.bases.size <= 1) return this.#byUrl.get(`${[...this.bases][0] ?? ''}${address}`) ?? entry
    return baseOf(entry?.fullUrl) === undefined ? entry : undefined
  }

  #searched(type: string, query: string): T | undefined {
    const search = identifierSearch(`${type}?${query}`)
    if (search === undefined) return undefined
    const { system, value } = search
    const found = this.#byIdentifier.get(identifierKey(type, system, value))
    return found ?? (system === '*' ? this.#byIdentifier.get(identifierKey(type, undefined, value)) : undefined)
  }

  #identified(identifier: z.output<typeof identifierSchema> | undefined, types: readonly string[]): T | undefined {
    if (identifier?.system === undefined || identifier.value === '') return undefined
    const { system, value } = identifier
    const found = types.map((type) => this.#byIdentifier.get(identifierKey(type, system, value))).filter((entry) => entry !== undefined)
    return found.length === 1 ? found[0] : undefined
  }
}

/** A search by one identifier; `system` is empty for one without a system, and `*` for any. */
export type IdentifierSearch = { readonly type: string; readonly system: string; readonly value: string }

/** What a conditional URL searches for. @returns Undefined for every search that a Bundle alone cannot answer: by anything but one identifier. */
export function identifierSearch(url: string): IdentifierSearch | undefined {
  const [, type = '', query = ''] = SEARCH.exec(url) ?? []
  const parameters = [...new URLSearchParams(query.replaceAll('+', '%2B'))]
  const [[name, token] = ['', '']] = parameters
  if (parameters.length !== 1 || name !== 'identifier' || token.includes(',')) return undefined
  const bar = token.indexOf('|')
  const value = token.slice(bar + 1)
  return value === '' ? undefined : { type, system: bar < 0 ? '*' : token.slice(0, bar), value }
}

/** Whether a search by identifier finds a resource. */
export function isFoundBy(entry: Addressed, { type, system, value }: IdentifierSearch): boolean {
  if (entry.resource.resourceType !== type) return false
  return identifiersOf(entry).some((one) => one.value === value && (system === '*' || (one.system ?? '') === system))
}

function identifiersOf({ resource }: Addressed): z.output<typeof identifierSchema>[] {
  const all = Array.isArray(resource['identifier']) ? resource['identifier'] : [resource['identifier']]
  return all.flatMap((one) => {
    const parsed = identifierSchema.safeParse(one)
    return parsed.success && parsed.data.value !== '' ? [parsed.data] : []
  })
}

/** `system` is empty for an identifier that has none, and `*` for any. */
function identifierKey(type: string, system: string | undefined, value: string): string {
  return JSON.stringify([type, system ?? '', value])
}

/** A key that two resources share is nobody's. */
function put<T>(map: Map<string, T | undefined>, key: string, entry: T): void {
  map.set(key, map.has(key) && map.get(key) !== entry ? undefined : entry)
}
