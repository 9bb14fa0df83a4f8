import type { PrivateContext } from '@medsync/context'
import type { AccountAddress } from '@medsync/protocol'
import type { Records } from '../records/records.ts'

/**
 * Brings the catalogue's entries of an account in line with the links at the hospitals served here; those of other hospitals are theirs.
 * May be repeated; called when a link begins or ends, and whenever its patient files a consent.
 */
export async function syncCatalogue(
  { context, records }: { readonly context: PrivateContext; readonly records: Records },
  patient: AccountAddress,
): Promise<void> {
  await context.listRecords(patient, await records.recordsOf(patient))
}
