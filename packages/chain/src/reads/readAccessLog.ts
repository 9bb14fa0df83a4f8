import { type AccountAddress, type Felt, logGenesis, type OrganisationId, type PatientLog } from '@medsync/protocol'
import * as z from 'zod'
import { callView, type ViewOptions } from '../calls/callView.ts'
import type { Chain, IdentifiedChain } from '../deployment.ts'
import { countShape, feltShape } from '../shapes.ts'

const logShape = z.object({ count: countShape, head: feltShape })
const entryShape = z.object({ index: countShape, kind: countShape, logged_at_s: countShape })

/** Count and head of a patient's chain of entries; `verifyEntries` holds a list against it. */
export async function readPatientLog(chain: IdentifiedChain, patient: AccountAddress, options?: ViewOptions): Promise<PatientLog> {
  const log = await callView(chain, 'accessLog', 'log_of', [patient], logShape, options)
  return { ...log, genesis: logGenesis(chain.chainId, chain.contracts.accessLog, patient) }
}

/** One entry on chain. */
export type LogEntry = { readonly index: number; readonly kind: number; readonly loggedAtS: number }

/** The entry that `hospital` wrote for `patient` under `digest`; undefined when there is none. */
export async function readEntry(
  chain: Chain,
  { hospital, patient, digest }: { hospital: OrganisationId; patient: AccountAddress; digest: Felt },
  options?: ViewOptions,
): Promise<LogEntry | undefined> {
  const entry = await callView(chain, 'accessLog', 'entry', [hospital, patient, digest], entryShape, options)
  return entry.index === 0 ? undefined : { index: entry.index, kind: entry.kind, loggedAtS: entry.logged_at_s }
}
