import { ChainFailureError, callRpc } from '@medsync/chain'
import { ContractError, type Felt, felt, feltSchema, type SignInChallenge, signInTypedData } from '@medsync/protocol'
import { hash, typedData } from 'starknet'
import * as z from 'zod'
import { AuthError } from '../gatewayErrors.ts'

/** What `is_valid_signature` answers (SNIP-6); `1` is the answer of older accounts. Anything else is a no. */
const VALID: readonly Felt[] = [felt('0x56414c4944'), felt(1)]
const CONTRACT_NOT_FOUND = 20

const answer = z.array(feltSchema).min(1)

/**
 * Asks the account itself, on chain, whether it signed a challenge. So whatever counts as a signature for the account (several keys, a passkey) counts here.
 * @throws {AuthError} `auth/bad-signature`, or `auth/account-not-deployed`: there is no such account to ask.
 * @throws {ChainUnreachableError} The chain did not answer.
 */
export async function verifySignature(rpcUrl: string, challenge: SignInChallenge, signature: readonly string[]): Promise<void> {
  const parts = signature.map(readPart)
  const messageHash = typedData.getMessageHash(signInTypedData(challenge), challenge.account)
  const request = {
    contract_address: challenge.account,
    entry_point_selector: hash.getSelectorFromName('is_valid_signature'),
    calldata: [messageHash, felt(parts.length), ...parts],
  }
  const [verdict] = await callRpc(rpcUrl, 'starknet_call', { request, block_id: 'latest' }, answer).catch(rethrow)
  if (verdict === undefined || !VALID.includes(verdict)) throw new AuthError('auth/bad-signature')
}

/** An account that fails on a signature says no by it; a node that fails says nothing. */
function rethrow(failure: unknown): never {
  if (failure instanceof ChainFailureError && failure.rpcCode === CONTRACT_NOT_FOUND) throw new AuthError('auth/account-not-deployed')
  const isRefusal = failure instanceof ContractError || (failure instanceof ChainFailureError && failure.rpcCode !== undefined)
  throw isRefusal ? new AuthError('auth/bad-signature', '', { cause: failure }) : failure
}

/** Wallets give felts as hex or decimal. */
function readPart(text: string): Felt {
  if (!/^(0x[0-9a-f]{1,64}|\d{1,78})$/i.test(text)) throw new AuthError('auth/bad-signature')
  try {
    return felt(BigInt(text))
  } catch (cause) {
    throw new AuthError('auth/bad-signature', '', { cause })
  }
}
