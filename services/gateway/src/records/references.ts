import type { ResourceLike } from '@medsync/protocol'

/** Longer than any address in use; what is longer points nowhere. */
const MAX_ADDRESS_LETTERS = 2_048
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/
const HTTP = /^(https?):\/\/([^/?#]+)(.*)$/i
const URN = /^urn:(uuid|oid):(.+)$/i
const TYPE = /^[A-Z][A-Za-z]{1,63}$/
const ID = /^[A-Za-z0-9.-]{1,64}$/
const VERSION = /\/_history\/[A-Za-z0-9.-]{1,64}$/

/** An entry of a Bundle, as far as references concern it. */
export type Addressed = { readonly fullUrl?: string | undefined; readonly resource: ResourceLike }

/**
 * One spelling for each address: scheme and host of a URL and the digits of a UUID in lower case, no default port, no version, no slash at the end, and letters,
 * digits and signs as themselves (RFC 3986, 6.2).
 * @example
 * canonicalAddress('HTTPS://FHIR.Mercy.example:443/r4/Patient/1/_history/2') // 'https://fhir.mercy.example/r4/Patient/1'
 */
export function canonicalAddress(address: string): string {
  const urn = URN.exec(address)
  if (urn?.[1] !== undefined) {
    const kind = urn[1].toLowerCase()
    return `urn:${kind}:${kind === 'uuid' ? urn[2]?.toLowerCase() : urn[2]}`
  }
  const unversioned = unescaped(address).replace(/\/+$/, '').replace(VERSION, '')
  const [, scheme = '', host = '', path = ''] = HTTP.exec(unversioned) ?? []
  if (scheme === '') return unversioned
  const [lowerScheme, lowerHost] = [scheme.toLowerCase(), host.toLowerCase()]
  return `${lowerScheme}://${lowerHost.replace(lowerScheme === 'https' ? /:443$/ : /:80$/, '')}${path}`
}

/** What RFC 3986 says never needs to be escaped, not escaped. */
function unescaped(address: string): string {
  return address.replace(/%(?:2[DE]|3\d|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])/gi, (escaped) => decodeURIComponent(escaped))
}

/** The server that a RESTful URL stands under, with the slash at its end; undefined for a URN, a relative URL, and what ends in no type and id. */
export function baseOf(fullUrl: string | undefined): string | undefined {
  if (fullUrl === undefined || fullUrl.length > MAX_ADDRESS_LETTERS) return undefined
  const address = canonicalAddress(fullUrl)
  if (!HTTP.test(address)) return undefined
  const parts = address.split('/')
  const [type = '', id = ''] = parts.slice(-2)
  return parts.length > 4 && TYPE.test(type) && ID.test(id) ? `${parts.slice(0, -2).join('/')}/` : undefined
}

/** Whether a reference is relative: `Type/id`, with or without a version. */
export function isRelative(reference: string): boolean {
  const [type = '', id = '', ...more] = canonicalAddress(reference).split('/')
  return !reference.endsWith('/') && more.length === 0 && TYPE.test(type) && ID.test(id)
}

/** Every address by which others in the Bundle may call an entry: its full URL, and type and id. */
export function addressesOf({ fullUrl, resource }: Addressed): string[] {
  return [
    ...(fullUrl === undefined ? [] : [canonicalAddress(fullUrl)]),
    ...(typeof resource.id === 'string' ? [`${resource.resourceType}/${resource.id}`] : []),
  ]
}

/**
 * What a reference points to, among known addresses. An absolute one is found under exactly that address. A relative one is completed with the server of the
 * entry that holds it; only when that entry has none (a URN, or no full URL) is it compared as it is. A fragment points into a resource, so to none of these.
 * @param byAddress - By addresses as `canonicalAddress` and `addressesOf` write them.
 * @param from - Full URL of the entry that holds the reference.
 * @returns Undefined when it points outside.
 * @source FHIR R4, Bundle, 2.36.4.1 "Resolving references in Bundles" (https://hl7.org/fhir/R4/bundle.html#references).
 */
export function resolveReference<T>(reference: string, byAddress: ReadonlyMap<string, T>, from?: string): T | undefined {
  const address = addressOf(reference, from)
  return address === undefined ? undefined : byAddress.get(address)
}

/** The canonical address that a reference names; undefined for a fragment, a search, and what is no reference. */
export function addressOf(reference: string, from: string | undefined): string | undefined {
  if (reference.length > MAX_ADDRESS_LETTERS || /[#?\s]/.test(reference)) return undefined
  if (SCHEME.test(reference)) return canonicalAddress(reference)
  if (!isRelative(reference)) return undefined
  return `${baseOf(from) ?? ''}${canonicalAddress(reference)}`
}

/**
 * Like `resolveReference`, but whatever ends in the type and id of a known resource means it as well. Only for where meaning too much is the cautious side: what
 * points to something sensitive is treated as sensitive.
 */
export function resolveCautiously<T>(reference: string, byAddress: ReadonlyMap<string, T>, from?: string): T | undefined {
  const ending = /([A-Za-z]+\/[A-Za-z0-9.-]{1,64})$/.exec(reference.slice(-200).replace(VERSION, ''))?.[1]
  return resolveReference(reference, byAddress, from) ?? byAddress.get(ending ?? '')
}
