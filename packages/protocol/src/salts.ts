import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, randomBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { ConsentSalts } from './commitment.ts'
import { ConsentSecretError } from './errors.ts'
import { type Felt, felt, STARK_PRIME } from './ids.ts'
import { signatureFelts } from './signatures.ts'
import type { TypedData } from './typedData.ts'

/** 32 bytes that only the patient's wallet can bring back. Never leaves the browser, never is stored. */
export type ConsentSecret = Uint8Array

/** 16 random bytes as hex; makes the salts of one consent differ from all others. Public to those who know the terms. */
export type ConsentNonce = string

/**
 * What the wallet signs to bring the secret back. Nothing in it changes, so a deterministic wallet signs the same in any browser.
 * It authorises nothing, and no MedSync server accepts it as a sign-in.
 */
export function consentSecretTypedData(chainId: Felt): TypedData {
  return {
    types: {
      StarknetDomain: [
        { name: 'name', type: 'shortstring' },
        { name: 'version', type: 'shortstring' },
        { name: 'chainId', type: 'shortstring' },
        { name: 'revision', type: 'shortstring' },
      ],
      Secret: [
        { name: 'Purpose', type: 'string' },
        { name: 'Warning', type: 'string' },
      ],
    },
    primaryType: 'Secret',
    domain: { name: 'MedSync secret', version: '1', chainId, revision: '1' },
    message: {
      Purpose: 'Open my MedSync consents and data in this browser.',
      Warning:
        'Sign this only on the MedSync site that you trust. Whoever has this signature can read your consents and the data sealed to you.',
    },
  }
}

/** Bits in the parts of a signature that are no counts, types or text, below which it is a constant rather than a signature. */
const LEAST_BITS = 256

/**
 * The secret in a signature, of whatever kind and length: only that it is always the same counts.
 * @param first - Signature of `consentSecretTypedData`, hex or decimal.
 * @param second - The same, signed once more: proves that the wallet will give the same secret again.
 * @throws {ConsentSecretError} The two differ, or there is nothing in them.
 * @throws {MalformedIdError} A part is no felt.
 */
export function consentSecretFrom(first: readonly string[], second: readonly string[]): ConsentSecret {
  const [parts, again] = [signatureFelts(first), signatureFelts(second)]
  // A signature has parts that look random, whole felts or halves of 128 bits; a constant one would be a public secret.
  const bits = parts.reduce((sum, part) => sum + (BigInt(part) >= 2n ** 64n ? BigInt(part).toString(2).length : 0), 0)
  if (bits < LEAST_BITS) throw new ConsentSecretError('wallet/empty-signature')
  if (parts.length !== again.length || parts.some((part, index) => part !== again[index])) {
    throw new ConsentSecretError('wallet/not-deterministic')
  }
  const material = utf8ToBytes(parts.join('|'))
  return hkdf(sha256, material, utf8ToBytes('MedSync secret v1'), utf8ToBytes('consent secret'), 32)
}

/** A fresh nonce for one consent, from the platform's generator. */
export function newConsentNonce(): ConsentNonce {
  return bytesToHex(randomBytes(16))
}

/** A fresh salt that is never zero, from the platform's generator. */
export function newSalt(): Felt {
  return nonZeroFelt(randomBytes(48))
}

/**
 * The four salts of one consent, always the same for the same secret and nonce.
 * @throws {ConsentSecretError} The nonce is not 16 bytes of hex.
 */
export function deriveSalts(secret: ConsentSecret, nonce: ConsentNonce): ConsentSalts {
  if (!/^[0-9a-f]{32}$/.test(nonce)) throw new ConsentSecretError('consent/malformed-nonce')
  const salt = (part: string): Felt => nonZeroFelt(hkdf(sha256, secret, hexToBytes(nonce), utf8ToBytes(`MedSync salt v1 ${part}`), 48))
  return { grantee: salt('grantee'), purposes: salt('purposes'), period: salt('period'), data: salt('data') }
}

/** Seed of a researcher's X25519 key pair (32 bytes, RFC 9180 DeriveKeyPair input), from the same wallet secret as everything else. */
export function encryptionKeySeed(secret: ConsentSecret): Uint8Array {
  return hkdf(sha256, secret, utf8ToBytes('MedSync encryption key v1'), utf8ToBytes('X25519 seed'), 32)
}

/** 48 uniform bytes reduced modulo the prime less one, plus one: uniform to 2^-128 and never zero. */
function nonZeroFelt(bytes: Uint8Array): Felt {
  return felt((BigInt(`0x${bytesToHex(bytes)}`) % (STARK_PRIME - 1n)) + 1n)
}
