import type { AccountAddress, BatchedEntry, Felt, PatientLog, SingleEntry, TreeHead } from '@medsync/protocol'
import * as z from 'zod'
import { callView, type ViewOptions } from '../calls/callView.ts'
import { batchedArguments, singleArguments } from '../calls/entryArguments.ts'
import type { Chain, IdentifiedChain } from '../deployment.ts'
import { ChainFailureError } from '../errors.ts'
import { countShape, feltShape } from '../shapes.ts'

const headShape = z.object({ count: countShape, root: feltShape })
const disputeShape = z.object({ state: countShape, opened_at_s: countShape, request: countShape })

/** Count and root of a patient's tree of single entries; `verifyEntries` and `verifyCompleteness` hold a list against it. */
export async function readPatientLog(chain: IdentifiedChain, patient: AccountAddress, options?: ViewOptions): Promise<PatientLog> {
  const head = await callView(chain, 'accessLog', 'log_of', [patient], headShape, options)
  return { ...head, place: { chainId: chain.chainId, accessLog: chain.contracts.accessLog, patient } }
}

/** Count and root of the tree of all batches. */
export async function readBatches(chain: Chain, options?: ViewOptions): Promise<TreeHead> {
  return await callView(chain, 'accessLog', 'batches', [], headShape, options)
}

/** Whether the contract finds a single entry in the patient's log. */
export async function readIncludesSingle(
  chain: Chain,
  patient: AccountAddress,
  entry: SingleEntry,
  options?: ViewOptions,
): Promise<boolean> {
  return await callView(chain, 'accessLog', 'includes_single', [patient, singleArguments(entry)], z.boolean(), options)
}

/** Whether the contract finds an entry of a batch in the patient's log. */
export async function readIncludesBatched(
  chain: Chain,
  patient: AccountAddress,
  entry: BatchedEntry,
  options?: ViewOptions,
): Promise<boolean> {
  return await callView(chain, 'accessLog', 'includes_batched', [patient, batchedArguments(entry)], z.boolean(), options)
}

/** Where a dispute stands; numbers as in the contract. */
export const DISPUTE_STATES = { none: 0, open: 1, upheld: 2, rejected: 3 } as const
export type DisputeState = keyof typeof DISPUTE_STATES
/** A dispute of one entry; `request` is 0 unless it is of a paid access. */
export type ChainDispute = { readonly state: Exclude<DisputeState, 'none'>; readonly openedAtS: number; readonly request: number }

/** The dispute of the entry that `singleId` or `batchedId` names; undefined when there is none. */
export async function readDispute(
  chain: Chain,
  patient: AccountAddress,
  entryId: Felt,
  options?: ViewOptions,
): Promise<ChainDispute | undefined> {
  const found = await callView(chain, 'accessLog', 'dispute_of', [patient, entryId], disputeShape, options)
  const state = (Object.keys(DISPUTE_STATES) as DisputeState[]).find((name) => DISPUTE_STATES[name] === found.state)
  if (state === undefined) throw new ChainFailureError(`dispute: unknown state ${found.state}`)
  return state === 'none' ? undefined : { state, openedAtS: found.opened_at_s, request: found.request }
}
