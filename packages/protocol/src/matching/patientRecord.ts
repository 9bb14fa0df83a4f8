import * as z from 'zod'
import type { Listed } from './codes.ts'
import { type Coding, codingsOf } from './coding.ts'
import { MatchingError } from './errors.ts'
import { type Entry, LIST_OF, readEntry } from './listed.ts'
import { type Observed, readObserved } from './observed.ts'
import type { Span } from './spans.ts'

/** What of a person is read: no name, no address, no race. */
export type Person = {
  readonly source: string
  readonly birthDate: string | undefined
  readonly gender: string | undefined
  readonly birthSex: string | undefined
  /** True, or the date of death. */ readonly deceased: boolean | string
}

/** A record as criteria are compared with it. */
export type PatientRecord = {
  readonly person: Person | undefined
  readonly entries: Readonly<Record<Listed, readonly Entry[]>>
  readonly observed: readonly Observed[]
  /** Resources that are of a kind that is read, but could not be. */ readonly unreadable: readonly {
    readonly source: string
    readonly topic: Listed | 'observation'
  }[]
}

const BIRTH_SEX = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex'

const resourceSchema = z.looseObject({
  resourceType: z.string(),
  id: z.string().optional().catch(undefined),
})
type Resource = z.output<typeof resourceSchema>
const text = z.string().optional().catch(undefined)
const patientSchema = z.object({
  birthDate: text,
  gender: text,
  deceasedBoolean: z.boolean().optional().catch(true),
  deceasedDateTime: text,
  extension: z
    .array(z.object({ url: z.string(), valueCode: text }))
    .optional()
    .catch(undefined),
})
const aboutSchema = z.object({ subject: z.object({ reference: z.string() }) })
const medicationSchema = z.object({
  medicationCodeableConcept: z.unknown().optional(),
  medicationReference: z.object({ reference: z.string() }).optional().catch(undefined),
  contained: z.array(resourceSchema).optional().catch(undefined),
})

/**
 * Reads what criteria can ask about from the resources of one patient, in any order; all others are passed over.
 * @throws {MatchingError} They are of more than one patient.
 */
export function readRecord(resources: readonly unknown[], day: Span): PatientRecord {
  const read = resources.flatMap((resource, place) => {
    const parsed = resourceSchema.safeParse(resource)
    return parsed.success ? [{ resource: parsed.data, source: `${parsed.data.resourceType}/${parsed.data.id ?? `#${place}`}` }] : []
  })
  const patients = read.filter(({ resource }) => resource.resourceType === 'Patient')
  const listed = read.filter(({ resource }) => LIST_OF.has(resource.resourceType) || resource.resourceType === 'Observation')
  if (patients.length > 1 || areTwo(subjectsOf(listed.map(({ resource }) => resource)))) throw new MatchingError('matching/two-patients')
  const medications = new Map(
    read.flatMap(({ resource }) => (resource.resourceType === 'Medication' ? [[resource.id ?? '', codingsOf(resource['code'])]] : [])),
  )
  const entries: Record<Listed, Entry[]> = { condition: [], medication: [], procedure: [] }
  const observed: Observed[] = []
  const unreadable: { source: string; topic: Listed | 'observation' }[] = []
  for (const { resource, source } of listed) {
    const topic = LIST_OF.get(resource.resourceType)
    const answer =
      topic === undefined ? readObserved(resource, source) : readEntry(resource, source, day, (of) => medicationOf(of, medications))
    if (answer === 'unreadable') unreadable.push({ source, topic: topic ?? 'observation' })
    else if (isValues(answer)) observed.push(...answer)
    else if (answer !== undefined && topic !== undefined) entries[topic].push(answer)
  }
  return { person: personOf(patients[0]), entries, observed, unreadable }
}

const isValues = (answer: Entry | readonly Observed[] | undefined): answer is readonly Observed[] => Array.isArray(answer)

function personOf(patient: { resource: Resource; source: string } | undefined): Person | undefined {
  const parsed = patientSchema.safeParse(patient?.resource)
  if (patient === undefined || !parsed.success) return undefined
  const { birthDate, gender, deceasedBoolean, deceasedDateTime, extension = [] } = parsed.data
  const deceased = deceasedDateTime ?? deceasedBoolean ?? false
  return { source: patient.source, birthDate, gender, birthSex: extension.find(({ url }) => url === BIRTH_SEX)?.valueCode, deceased }
}

function subjectsOf(resources: readonly Resource[]): Set<string> {
  return new Set(
    resources.flatMap((resource) => {
      const about = aboutSchema.safeParse(resource)
      return about.success ? [about.data.subject.reference] : []
    }),
  )
}

/** Whether references cannot all mean one person: other ids, or URLs of several servers. */
function areTwo(references: ReadonlySet<string>): boolean {
  const unversioned = [...references].map((reference) => reference.replace(/\/_history\/.*$/, ''))
  const ids = new Set(unversioned.map((reference) => idIn(reference).toLowerCase()))
  const urls = new Set(unversioned.filter((reference) => /^https?:/i.test(reference)))
  return ids.size > 1 || urls.size > 1
}

/** `Patient/1`, `urn:uuid:1` and `https://a/Patient/1` are the same, unless another server's stands beside. */
const idIn = (reference: string): string => reference.split(/[/:#]/).at(-1) ?? reference

/** A reference that leads nowhere gives no codings: then it is not known what it was. */
function medicationOf(resource: object, medications: ReadonlyMap<string, readonly Coding[]>): readonly Coding[] {
  const parsed = medicationSchema.safeParse(resource)
  if (!parsed.success) return []
  const { medicationCodeableConcept, medicationReference, contained = [] } = parsed.data
  if (medicationReference === undefined) return codingsOf(medicationCodeableConcept)
  const id = idIn(medicationReference.reference)
  const own = medicationReference.reference.startsWith('#') ? contained.find((each) => each.id === id) : undefined
  return own === undefined ? (medications.get(id) ?? []) : codingsOf(own['code'])
}
