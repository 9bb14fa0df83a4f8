import type { ResourceLike } from '@medsync/protocol'
import { walkResource } from './walkResource.ts'

/** A modifier extension, an implicit rule or a focus (it is about another, such as an unborn child) changes what everything else in a resource means. */
export function isChanged(resource: ResourceLike): boolean {
  let isFound = resource['implicitRules'] !== undefined || resource['focus'] !== undefined
  walkResource(resource, (object) => {
    isFound ||= object['modifierExtension'] !== undefined
  })
  return isFound
}
