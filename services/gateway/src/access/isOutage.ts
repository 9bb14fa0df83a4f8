import { ChainFailureError, ChainUnreachableError } from '@medsync/chain'
import { ContextUnavailableError } from '@medsync/context'
import { ContractError, type ErrorCode } from '@medsync/protocol'
import { ChainUnavailableError, DatabaseError } from '../gatewayErrors.ts'

const MOST_CAUSES = 8
/**
 * JSON-RPC errors about the account that signs, whatever it sends: nonce, fee, funds.
 * @source Starknet RPC 0.10, `api/starknet_write_api.json`.
 */
const OF_ACCOUNT: ReadonlySet<number | undefined> = new Set([52, 53, 54, 59, 64, 65])
/** Reverts about the hospital as a whole, whatever it answers. They end when governance or the pool says so. */
const OF_HOSPITAL: ReadonlySet<ErrorCode | string> = new Set<ErrorCode>([
  'Log: not a hospital',
  'Participants: not active',
  'Participants: not an operator',
  'Pool: not an operator',
  'Pool: not a hospital',
  'Pool: not the asked hospital',
  'Pool: busy',
])

/** Whether a failure is of what all work needs (chain, private context, database, the signing account) and not of the work itself. */
export function isOutage(failure: unknown): boolean {
  let each = failure
  for (let depth = 0; depth < MOST_CAUSES && each instanceof Error; depth++, each = each.cause) {
    if (each instanceof ChainUnreachableError || each instanceof ChainUnavailableError || each instanceof ContextUnavailableError)
      return true
    if (each instanceof DatabaseError && each.code === 'database/unreachable') return true
    if (each instanceof ChainFailureError && OF_ACCOUNT.has(each.rpcCode)) return each.rpcCode !== undefined
    if (each instanceof ContractError && OF_HOSPITAL.has(each.code)) return true
  }
  return false
}
