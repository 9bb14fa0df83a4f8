import { accountSchema, recordIdSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Database } from '../database/database.ts'
import type { Tenants } from '../tenants/tenants.ts'
import type { Catalogue, Listing } from './catalogue.ts'

const row = z.object({ record: recordIdSchema, account: accountSchema })
const AT_ONCE = 1_000
const FIRST = '00000000-0000-0000-0000-000000000000'

/** What the catalogue has to say of the hospitals served here, by the links in the database. */
export async function linkedRecords({
  database,
  tenants,
  catalogue,
}: {
  readonly database: Database
  readonly tenants: Tenants
  readonly catalogue: Catalogue
}): Promise<Listing[]> {
  const found: Listing[] = []
  const sql = 'SELECT record, account FROM links WHERE record > $1 ORDER BY record LIMIT $2'
  for (const { slug, organisation } of tenants.hospitals) {
    for (let after: string | undefined = FIRST; after !== undefined; ) {
      const from: string = after
      const rows = await database.inTenant(slug, (tx) => tx.rows(row, sql, [from, AT_ONCE]))
      found.push(...rows.flatMap(({ record, account }) => catalogue.listingOf({ hospital: organisation, record }, account) ?? []))
      after = rows.length < AT_ONCE ? undefined : rows.at(-1)?.record
    }
  }
  return found
}
