import { type Access, accessesSchema, type Network, type PatientLog } from '@medsync/protocol'
import { loadChain } from '../chain/loadChain.ts'
import { callAllPages } from '../session/callGateway.ts'
import { type LogProof, proofOf } from './checkAccesses.ts'

/** Own entries by index, the log as the chain has it, and what came of holding one against the other. */
export type LoadedAccesses = { readonly ordered: readonly Access[]; readonly log: PatientLog; readonly proof: LogProof }

/** GET /patient/accesses, and count and root of the own log from the chain. */
export async function loadAccesses(network: Network, account: Network['chainId'], signal?: AbortSignal): Promise<LoadedAccesses> {
  const { readBatches, readPatientLog } = await loadChain()
  const accesses = await callAllPages({ path: '/patient/accesses', answer: accessesSchema, ...(signal === undefined ? {} : { signal }) })
  const ordered = accesses.toSorted((one, other) => one.index - other.index)
  const options = signal === undefined ? {} : { signal }
  const [log, batches] = await Promise.all([readPatientLog(network, account, options), readBatches(network, options)])
  return { ordered, log, proof: proofOf(ordered, log, batches.count) }
}
