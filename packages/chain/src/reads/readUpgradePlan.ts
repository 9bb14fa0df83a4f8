import { type Felt, ZERO } from '@medsync/protocol'
import * as z from 'zod'
import { callView, type ViewOptions } from '../calls/callView.ts'
import type { Chain, ContractName } from '../deployment.ts'
import { countShape, feltShape } from '../shapes.ts'

/** The class that may come next, from when on and until when, seconds. */
export type UpgradePlan = { readonly classHash: Felt; readonly readyAtS: number; readonly staleAtS: number }

const planShape = z.object({ class_hash: feltShape, ready_at_s: countShape, stale_at_s: countShape })

/** What is planned for a contract; undefined when nothing is. */
export async function readUpgradePlan(chain: Chain, contract: ContractName, options?: ViewOptions): Promise<UpgradePlan | undefined> {
  const plan = await callView(chain, contract, 'upgrade_plan', [], planShape, options)
  if (plan.class_hash === ZERO) return undefined
  return { classHash: plan.class_hash, readyAtS: plan.ready_at_s, staleAtS: plan.stale_at_s }
}
