import { AnswerTooLargeError, ChainFailureError, ChainUnreachableError, callRpc } from '@medsync/chain'
import { ContractError, type Felt, felt, feltSchema, type SignInChallenge, signInTypedData } from '@medsync/protocol'
import { hash, typedData } from 'starknet'
import * as z from 'zod'
import { AuthError } from '../gatewayErrors.ts'

/** What `is_valid_signature` answers for a signature of its account (SNIP-6): this one felt, as the contracts demand it too. Anything else is a no. */
const VALID = felt('0x56414c4944')
/** Numbers of JSON-RPC errors: nothing stands at the address; what stands there has no such function, or its function failed. */
const CONTRACT_NOT_FOUND = 20
const REFUSALS: ReadonlySet<number | undefined> = new Set([21, 40, 41])
/** The right answer has a hundred bytes; an account may answer with anything. */
const MAX_ANSWER_BYTES = 65_536

const answer = z.array(feltSchema)

/**
 * Asks the account itself, on chain, whether it signed a challenge. So whatever counts as a signature for the account (several keys, a passkey) counts here.
 * @param signature - As the wallet gave it, every felt of it.
 * @throws {AuthError} `auth/bad-signature`, or `auth/account-not-deployed`: there is no such account to ask.
 * @throws {ChainUnreachableError} The chain did not answer.
 */
export async function verifySignature(rpcUrl: string, challenge: SignInChallenge, signature: readonly Felt[]): Promise<void> {
  const messageHash = typedData.getMessageHash(signInTypedData(challenge), challenge.account)
  const request = {
    contract_address: challenge.account,
    entry_point_selector: hash.getSelectorFromName('is_valid_signature'),
    calldata: [messageHash, felt(signature.length), ...signature],
  }
  const options = { maxBytes: MAX_ANSWER_BYTES }
  const verdict = await callRpc(rpcUrl, 'starknet_call', { request, block_id: 'latest' }, answer, options).catch(rethrow)
  if (verdict.length !== 1 || verdict[0] !== VALID) throw new AuthError('auth/bad-signature')
}

/** An account that fails on a signature, or answers at any length, says no by it; a node that fails says nothing. */
function rethrow(failure: unknown): never {
  if (failure instanceof ContractError || failure instanceof AnswerTooLargeError) {
    throw new AuthError('auth/bad-signature', '', { cause: failure })
  }
  if (!(failure instanceof ChainFailureError)) throw failure
  if (failure.rpcCode === CONTRACT_NOT_FOUND) throw new AuthError('auth/account-not-deployed')
  if (REFUSALS.has(failure.rpcCode)) throw new AuthError('auth/bad-signature', '', { cause: failure })
  throw new ChainUnreachableError('is_valid_signature', { cause: failure })
}
