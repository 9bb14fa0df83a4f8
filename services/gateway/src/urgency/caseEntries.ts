import { accountSchema, type CaseAssessment, type CaseId, type OrganisationId } from '@medsync/protocol'
import type { Note } from '@medsync/protocol/urgency'
import * as z from 'zod'
import { CaseError } from './caseError.ts'
import type { CaseVault } from './caseVault.ts'

/** How many additions a case takes. */
const MAX_ENTRIES = 400
/** How many observations, in all of them. */
const MAX_OBSERVATIONS = 5_000
/** How many notes: each is read anew at every score. */
const MAX_NOTES = 100
const DIGITS = 5

const resourceSchema = z.looseObject({ resourceType: z.literal('Observation'), id: z.string().optional() })
/** An Observation as it was received. */
export type AddedResource = z.output<typeof resourceSchema>

const entrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('observations'), by: accountSchema, addedAtS: z.number(), resources: z.array(resourceSchema) }),
  z.object({ kind: z.literal('note'), by: accountSchema, addedAtS: z.number(), text: z.string() }),
  z.object({
    kind: z.literal('assessment'),
    by: accountSchema,
    addedAtS: z.number(),
    oxygenScale: z.union([z.literal(1), z.literal(2)]),
    isPregnant: z.boolean().nullable(),
  }),
])
/** One addition to a case, as staff sent it. */
export type CaseEntry = z.output<typeof entrySchema>

/** An observation with the name by which a score's evidence calls it. */
export type AddedObservation = { readonly id: string; readonly addedAtS: number; readonly resource: AddedResource }
/** A note with who wrote it. */
export type AddedNote = Note & { readonly by: z.output<typeof accountSchema>; readonly addedAtS: number }
/** Everything that was added to a case, in its order. */
export type Added = {
  readonly observations: readonly AddedObservation[]
  readonly notes: readonly AddedNote[]
  readonly assessments: readonly CaseAssessment[]
  readonly entries: number
}

/** What staff added to cases, each addition a value of its own in the vault: kept whole or not at all, never changed. */
export class CaseEntries {
  readonly #vault: CaseVault

  constructor(vault: CaseVault) {
    this.#vault = vault
  }

  /** Everything that was added to a case. */
  async read(organisation: OrganisationId, caseId: CaseId): Promise<Added> {
    const keys = await this.#vault.keys(organisation, 'observations', prefixOf(caseId))
    const entries: [number, CaseEntry][] = []
    for (const key of keys) {
      const entry = await this.#vault.get(organisation, 'observations', key, entrySchema)
      if (entry !== undefined) entries.push([Number(key.slice(-DIGITS)), entry])
    }
    const observations = entries.flatMap(([place, entry]) => (entry.kind === 'observations' ? named(place, entry) : []))
    const notes = entries.flatMap(([place, entry]) =>
      entry.kind === 'note' ? [{ id: `note-${place}`, text: entry.text, by: entry.by, addedAtS: entry.addedAtS }] : [],
    )
    const assessments = entries.flatMap(([, entry]) =>
      entry.kind === 'assessment'
        ? [{ oxygenScale: entry.oxygenScale, isPregnant: entry.isPregnant, by: entry.by, atS: entry.addedAtS }]
        : [],
    )
    return { observations, notes, assessments, entries: entries.at(-1)?.[0] ?? 0 }
  }

  /**
   * Keeps one more addition. Not for two at once of the same case.
   * @throws {CaseError} `case/full`.
   */
  async append(organisation: OrganisationId, caseId: CaseId, entry: CaseEntry): Promise<void> {
    const { entries, observations, notes } = await this.read(organisation, caseId)
    const more = entry.kind === 'observations' ? entry.resources.length : 0
    if (entries >= MAX_ENTRIES || observations.length + more > MAX_OBSERVATIONS) throw new CaseError('case/full', caseId)
    if (entry.kind === 'note' && notes.length >= MAX_NOTES) throw new CaseError('case/full', caseId)
    const key = `${prefixOf(caseId)}${String(entries + 1).padStart(DIGITS, '0')}`
    await this.#vault.put(organisation, 'observations', key, entry)
  }
}

/** Of added observations those that count: a later one with the same id of its own takes the place of the earlier, as an update does in FHIR. */
export function standing(observations: readonly AddedObservation[]): AddedObservation[] {
  const newest = new Map<string, AddedObservation>()
  for (const added of observations) newest.set(added.resource.id === undefined ? `place|${added.id}` : `id|${added.resource.id}`, added)
  return [...newest.values()]
}

function named(place: number, { resources, addedAtS }: Extract<CaseEntry, { kind: 'observations' }>): AddedObservation[] {
  return resources.map((resource, index) => ({ id: `case-${place}.${index + 1}`, addedAtS, resource }))
}

function prefixOf(caseId: CaseId): string {
  return `case/${caseId}/`
}
