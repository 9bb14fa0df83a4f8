import type { AccountAddress, Felt } from './ids.ts'
import type { TypedData } from './typedData.ts'

/** What a sign-in binds: this site, this account, this chain, once, and not for long. */
export type SignInChallenge = {
  readonly chainId: Felt
  /** Origin of the gateway, e.g. `https://medsync.example`; a signature for one site is worth nothing at another. */
  readonly origin: string
  readonly account: AccountAddress
  /** One-use value drawn by the gateway. */
  readonly nonce: Felt
  /** Seconds. */
  readonly expiresAtS: number
}

/** The message that an account signs to sign in (SNIP-12 revision 1). Moves no money and grants nothing. */
export function signInTypedData(challenge: SignInChallenge): TypedData {
  return {
    types: {
      StarknetDomain: [
        { name: 'name', type: 'shortstring' },
        { name: 'version', type: 'shortstring' },
        { name: 'chainId', type: 'shortstring' },
        { name: 'revision', type: 'shortstring' },
      ],
      SignIn: [
        { name: 'Statement', type: 'string' },
        { name: 'Site', type: 'string' },
        { name: 'Account', type: 'ContractAddress' },
        { name: 'Nonce', type: 'felt' },
        { name: 'Expires at', type: 'timestamp' },
      ],
    },
    primaryType: 'SignIn',
    domain: { name: 'MedSync sign-in', version: '1', chainId: challenge.chainId, revision: '1' },
    message: {
      Statement: 'Sign in to MedSync. This moves no money and grants no access.',
      Site: challenge.origin,
      Account: challenge.account,
      Nonce: challenge.nonce,
      'Expires at': String(challenge.expiresAtS),
    },
  }
}
