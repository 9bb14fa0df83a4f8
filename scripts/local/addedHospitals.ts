import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { ChoreError } from '../choreError.ts'
import { LOCAL_ACCOUNT_COUNT } from '../devnet/startDevnet.ts'
import { parseJson } from '../parseJson.ts'
import { type LocalAccount, type LocalOrganisation, localAccounts, localOrganisations } from './localAccounts.ts'

const addedSchema = z.array(z.object({ slug: z.string().regex(/^[a-z][a-z0-9-]{1,20}$/), name: z.string().min(3).max(31) }))

/** A hospital that was added to the local network. */
export type AddedHospital = z.output<typeof addedSchema>[number]

/** Everyone on a local network: those it starts with, and the hospitals that were added. */
export interface LocalPeople {
  organisations: readonly LocalOrganisation[]
  /** Accounts of the added ones; the others are `localAccounts`. */
  more: readonly LocalAccount[]
}

/** Accounts that each added hospital takes: its gateway's and its records office's. */
const ACCOUNTS_EACH = 2

/**
 * The hospitals that were added, in the order in which they were.
 * @throws {ChoreError} `state/organisations`: the file is not what MedSync wrote.
 */
export async function readAddedHospitals(path: string): Promise<AddedHospital[]> {
  if (!existsSync(path)) return []
  const parsed = addedSchema.safeParse(parseJson(await readFile(path, 'utf8')))
  if (parsed.success) return parsed.data
  throw new ChoreError('state/organisations', `${path} is not what MedSync wrote.`, 'Put back a copy of it, or run `npm run reset`.')
}

/** Everyone, with these hospitals added. */
export function localPeople(added: readonly AddedHospital[]): LocalPeople {
  const more = added.flatMap(({ slug, name }, place): LocalAccount[] => {
    const index = localAccounts.length + place * ACCOUNTS_EACH
    return [
      { index, label: `Gateway of ${name}`, plays: 'gateway', organisation: slug },
      { index: index + 1, label: `${name}, records office`, plays: 'staff', organisation: slug },
    ]
  })
  return { organisations: [...localOrganisations, ...added.map((each) => ({ ...each, role: 'hospital' as const }))], more }
}

/**
 * The list with one more hospital; the same again changes nothing.
 * @throws {ChoreError} `hospital/name`, `hospital/taken` or `hospital/no-account`, each with what to do.
 */
export function withHospital(added: readonly AddedHospital[], hospital: { slug: string; name: string }): AddedHospital[] {
  const [checked] = addedSchema.safeParse([hospital]).data ?? []
  if (checked === undefined)
    throw new ChoreError(
      'hospital/name',
      'A hospital needs a short name of lower-case letters, digits and dashes, and a full name of 3 to 31 characters.',
      'For example: npm run hospital:add -- riverside "Riverside Clinic"',
    )
  const same = added.find(({ slug }) => slug === checked.slug)
  if (same?.name === checked.name) return [...added]
  if (same !== undefined || localOrganisations.some(({ slug }) => slug === checked.slug))
    throw new ChoreError('hospital/taken', `${checked.slug} is another organisation already.`, 'Choose another short name.')
  if (localAccounts.length + (added.length + 1) * ACCOUNTS_EACH > LOCAL_ACCOUNT_COUNT)
    throw new ChoreError(
      'hospital/no-account',
      `The local chain has ${LOCAL_ACCOUNT_COUNT} accounts, too few for one more hospital.`,
      'On another network a hospital brings its own; see “How a hospital joins” in the README.',
    )
  return [...added, checked]
}
