import { type CategoryKey, type ResourceLike, type SensitivityKey, sensitivitiesOf } from '@medsync/protocol'
import { addressesOf, resolveCautiously } from './references.ts'
import { walkResource } from './walkResource.ts'

/** What reading a Bundle knows of an entry. */
export type ReadEntry = {
  readonly fullUrl: string | undefined
  readonly resource: ResourceLike
  readonly category: CategoryKey | undefined
}

/** Fields that say whom or when a resource is about, not what: sensitivity does not pass through them. */
const CIRCUMSTANCES = new Set(['subject', 'patient', 'beneficiary', 'encounter', 'context'])

/** Everything sensitive that a resource itself says, in any of its codes or labels, however deep. */
export function ownSensitivities(resource: ResourceLike): SensitivityKey[] {
  const codings: unknown[] = []
  const labels: unknown[] = []
  walkResource(resource, (object, field) => {
    if (typeof object.code === 'string') (field === 'security' ? labels : codings).push(object)
  })
  return sensitivitiesOf({ resourceType: resource.resourceType, meta: { security: labels }, code: { coding: codings } })
}

/**
 * The sensitivities of each entry of a Bundle: its own, and those of everything it points to as its reason or content (a prescription for a sensitive
 * diagnosis tells the diagnosis). A bill also tells what its visit was about; free text may tell anything that is in the record.
 */
export function entrySensitivities(entries: readonly ReadEntry[]): SensitivityKey[][] {
  const found = entries.map(({ resource }) => new Set(ownSensitivities(resource)))
  const byAddress = new Map(entries.flatMap((entry, index) => addressesOf(entry).map((address): [string, number] => [address, index])))
  const targets = entries.map((entry) => targetsOf(entry, byAddress))
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false
    targets.forEach((indices, index) => {
      for (const key of indices.flatMap((target) => [...(found[target] ?? [])])) {
        if (found[index]?.has(key)) continue
        found[index]?.add(key)
        isGrowing = true
      }
    })
  }
  const all = new Set(found.flatMap((keys) => [...keys]))
  return found.map((keys, index) => [...(entries[index]?.category === 'documents' ? all : keys)])
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
