import type { PrivateContext } from '@medsync/context'
import type { AccountAddress } from '@medsync/protocol'
import type { Records } from '../records/records.ts'
import type { Tenants } from '../tenants/tenants.ts'

/**
 * Brings the catalogue's entries of an account in line with the links at the hospitals served here; those of other hospitals are theirs.
 * May be repeated; called when a link begins or ends, and whenever its patient files a consent.
 */
export async function syncCatalogue(
  { context, records, tenants }: { readonly context: PrivateContext; readonly records: Records; readonly tenants: Tenants },
  patient: AccountAddress,
): Promise<void> {
  const [linked, listed] = await Promise.all([records.recordsOf(patient), context.catalogueOf(patient)])
  for (const { hospital, record } of linked) {
    const isListed = listed.some((entry) => entry.hospital === hospital && entry.record === record)
    if (!isListed) await context.putCatalogueEntry({ hospital, record, patient })
  }
  for (const entry of listed) {
    const isOurs = tenants.find(entry.hospital) !== undefined
    const isLinked = linked.some(({ hospital, record }) => hospital === entry.hospital && record === entry.record)
    if (isOurs && !isLinked) await context.removeCatalogueEntry(entry)
  }
}
