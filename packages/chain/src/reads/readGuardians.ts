import type { AccountAddress } from '@medsync/protocol'
import { callView, type ViewOptions } from '../calls/callView.ts'
import type { Chain } from '../deployment.ts'
import { countShape } from '../shapes.ts'

/** Until when `guardian` may act for `patient`, seconds, exclusive; 0 when never, or no more. */
export async function readGuardianUntilS(
  chain: Chain,
  patient: AccountAddress,
  guardian: AccountAddress,
  options?: ViewOptions,
): Promise<number> {
  return await callView(chain, 'consentRegistry', 'guardian_until_s', [patient, guardian], countShape, options)
}

/** The nonce that the next signed order of `signer` must have. */
export async function readOrderNonce(chain: Chain, signer: AccountAddress, options?: ViewOptions): Promise<number> {
  return await callView(chain, 'consentRegistry', 'nonce_of', [signer], countShape, options)
}
