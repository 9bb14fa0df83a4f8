import type { AccountAddress } from '@medsync/protocol'
import type { Records } from '../records/records.ts'
import type { KeptRelease } from './releases.ts'

/**
 * Whether data was made from the record that the patient's account is linked to now. A link that went to a wrong account is ended by the
 * hospital; what was made under it is somebody else's, whatever the consent says. So is what was made from a version that staff have found to be another
 * patient's.
 */
export async function isStillLinked(records: Records, tenant: string, patient: AccountAddress, { madeAtS }: KeptRelease): Promise<boolean> {
  const linked = await records.recordAt(tenant, patient)
  if (linked === undefined || linked.linkedAtS > madeAtS) return false
  return !(await records.wasOfAnother(tenant, linked.record, madeAtS))
}
