import type { UniversalDetails } from 'starknet'

const FRI_PER_GAS = 10n ** 10n

/** Gas that a call of ours may use at most; the largest multicall takes a tenth of it. */
export const CALL_GAS = 1_000_000_000n
/** Gas that declaring a contract may use at most; it grows with the contract's size. */
export const DECLARE_GAS = 10_000_000_000n

/**
 * Details of a transaction on a local node, all given, so that nothing is estimated first (11 ms instead of 55 ms a transaction).
 * @param nonce - Of the sending account.
 */
export function transactionDetails(nonce: bigint, gas: bigint = CALL_GAS): UniversalDetails {
  return {
    nonce,
    tip: 0n,
    resourceBounds: {
      l1_gas: { max_amount: 0n, max_price_per_unit: FRI_PER_GAS },
      l2_gas: { max_amount: gas, max_price_per_unit: FRI_PER_GAS },
      l1_data_gas: { max_amount: 1_000_000n, max_price_per_unit: FRI_PER_GAS },
    },
  }
}
