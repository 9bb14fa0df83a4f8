import type { AccountAddress, Felt, TypedData } from '@medsync/protocol'
import type { Call } from 'starknet'

/** What MedSync needs of a wallet; the development wallet and every real one look alike from here on. */
export type Wallet = {
  readonly kind: 'development' | 'own'
  readonly id: string
  readonly name: string
  readonly address: AccountAddress
  /**
   * Signs a SNIP-12 message.
   * @throws {PortalError} Declined, locked, on another account or network.
   */
  signTypedData(data: TypedData): Promise<string[]>
  /**
   * Sends one transaction with all calls, or none of them; returns its hash as soon as the network took it.
   * Failures come as the wallet or the network gave them; `decodeContractError` of packages/chain finds the words.
   */
  execute(calls: readonly Call[]): Promise<Felt>
}
