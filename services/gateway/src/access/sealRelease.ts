import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { hpke } from '../keys/hpke.ts'
import type { DisclosedBundle } from '../records/disclose.ts'
import { RequestError } from './accessErrors.ts'

const compress = promisify(gzip)

/** A Bundle that only one key opens. */
export type SealedBundle = {
  readonly encapsulated: Uint8Array
  readonly ciphertext: Uint8Array
  /** SHA-256 of the ciphertext, hex. */
  readonly sha256: string
}

/**
 * Seals a Bundle to a researcher's public key: HPKE base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, over its gzip.
 * @param key - X25519 public key, 32 bytes, as the chain has it.
 * @param info - `releaseInfo` of the request: sealed for one request, it opens for no other.
 * @throws {RequestError} `request/no-key`: the bytes are no usable key.
 * @source RFC 9180.
 */
export async function sealRelease(bundle: DisclosedBundle, key: Uint8Array, info: string): Promise<SealedBundle> {
  const plain = await compress(JSON.stringify(bundle))
  const sender = await openSender(key, info)
  const ciphertext = new Uint8Array(await sender.seal(new Uint8Array(plain).buffer))
  return { encapsulated: new Uint8Array(sender.enc), ciphertext, sha256: createHash('sha256').update(ciphertext).digest('hex') }
}

async function openSender(key: Uint8Array, info: string) {
  try {
    const recipientPublicKey = await hpke.kem.deserializePublicKey(new Uint8Array(key).buffer)
    return await hpke.createSenderContext({ recipientPublicKey, info: new TextEncoder().encode(info).buffer })
  } catch (cause) {
    throw new RequestError('request/no-key', 'not a usable X25519 key', { cause })
  }
}
