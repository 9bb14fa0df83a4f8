import { ContractError, type ErrorCode } from '@medsync/protocol'

/** Whether a contract failed with one of these texts. */
export function isContractError(error: unknown, ...codes: readonly ErrorCode[]): error is ContractError {
  return error instanceof ContractError && codes.some((code) => code === error.code)
}
