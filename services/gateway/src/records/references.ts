import type { ResourceLike } from '@medsync/protocol'

/** Every address by which others in the Bundle may call an entry: its full URL, and type and id. */
export function addressesOf({ fullUrl, resource }: { readonly fullUrl?: string | undefined; readonly resource: ResourceLike }): string[] {
  return [
    ...(fullUrl === undefined ? [] : [fullUrl]),
    ...(typeof resource.id === 'string' ? [`${resource.resourceType}/${resource.id}`] : []),
  ]
}

/**
 * What a reference points to, among known addresses: `urn:uuid:…`, `Type/id`, the same with a version, or a whole URL ending so.
 * @returns Undefined when it points outside.
 */
export function resolveReference<T>(reference: string, byAddress: ReadonlyMap<string, T>): T | undefined {
  const unversioned = reference.replace(/\/_history\/.*$/, '')
  return byAddress.get(unversioned) ?? byAddress.get(/([A-Za-z]+\/[A-Za-z0-9.-]{1,64})$/.exec(unversioned)?.[1] ?? '')
}
