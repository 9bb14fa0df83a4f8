import { type StudyId, studyIdSchema } from '@medsync/protocol'
import * as z from 'zod'
import { openJson, sealJson } from '../context/sealedJson.ts'
import type { Database } from '../database/database.ts'
import type { KeyRing } from '../keys/keyRing.ts'

const trialSchema = z.object({
  /** A FHIR Group, as it was given. */ criteria: z.unknown(),
  savedAtS: z.number(),
  /** The round that counted last. */ round: z.string().nullable(),
})
/** Criteria of a study, as its office keeps them. */
export type SavedTrial = z.output<typeof trialSchema>
const row = z.object({ study: studyIdSchema, sealed: z.instanceof(Uint8Array) })

/** Criteria of the research offices' studies, sealed, one row a study. */
export class SavedTrials {
  readonly #database: Database
  readonly #keys: KeyRing

  constructor({ database, keys }: { readonly database: Database; readonly keys: KeyRing }) {
    this.#database = database
    this.#keys = keys
  }

  /** Keeps them, in the place of those before. */
  async put(tenant: string, study: StudyId, trial: SavedTrial): Promise<void> {
    const sealed = sealJson(this.#keys.ofTenant(tenant, 'trial'), trial, placeOf(study))
    const sql = 'INSERT INTO trials (study, sealed) VALUES ($1, $2) ON CONFLICT (study) DO UPDATE SET sealed = excluded.sealed'
    await this.#database.inTenant(tenant, (tx) => tx.run(sql, [study, sealed]))
  }

  /** All of a tenant, by study. */
  async all(tenant: string): Promise<Map<StudyId, SavedTrial>> {
    const rows = await this.#database.inTenant(tenant, (tx) => tx.rows(row, 'SELECT study, sealed FROM trials ORDER BY study DESC'))
    const key = this.#keys.ofTenant(tenant, 'trial')
    return new Map(rows.map(({ study, sealed }) => [study, openJson(key, sealed, placeOf(study), trialSchema)]))
  }
}

function placeOf(study: StudyId): string {
  return `trial|${study}`
}
