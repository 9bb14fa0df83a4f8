import type { Database } from '../database/database.ts'
import type { Links } from '../enrolment/links.ts'
import type { Tenants } from '../tenants/tenants.ts'
import type { Catalogue, Listing } from './catalogue.ts'

/** What the catalogue has to say of the hospitals served here, by the links in the database. */
export async function linkedRecords({
  database,
  tenants,
  catalogue,
  links,
}: {
  readonly database: Database
  readonly tenants: Tenants
  readonly catalogue: Catalogue
  readonly links: Links
}): Promise<Listing[]> {
  const found: Listing[] = []
  for (const { slug, organisation } of tenants.hospitals) {
    let after: string | undefined
    do {
      const from: string | undefined = after
      const page = await database.inTenant(slug, (tx) => links.page(tx, slug, from))
      found.push(...page.links.flatMap(({ record, account }) => catalogue.listingOf({ hospital: organisation, record }, account) ?? []))
      after = page.next
    } while (after !== undefined)
  }
  return found
}
