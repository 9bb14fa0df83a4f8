import type { ResourceLike, Ruling } from '@medsync/protocol'
import type { Key } from '../keys/keyRing.ts'
import type { OpenedRecord } from './openedRecord.ts'

/** What a permit lets out at the most. */
export type Permit = Extract<Ruling, { decision: 'permit' }>

/** What leaves: a FHIR R4 Bundle of type collection under pseudonymous ids. */
export type DisclosedBundle = {
  readonly resourceType: 'Bundle'
  readonly type: 'collection'
  readonly entry: readonly { readonly fullUrl: string; readonly resource: ResourceLike }[]
}

/**
 * Filters and pseudonymises opened parts.
 * @param pseudonymKey - Differs by study and record (`keys.ofTenant(slug, 'pseudonym|<study>|<record>')`), so that ids cannot be joined between studies.
 */
export async function disclose(_opened: OpenedRecord, _permit: Permit, _pseudonymKey: Key): Promise<DisclosedBundle> {
  return { resourceType: 'Bundle', type: 'collection', entry: [] }
}
