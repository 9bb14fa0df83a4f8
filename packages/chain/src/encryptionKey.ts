import { MalformedIdError } from '@medsync/protocol'

/** Bytes of an X25519 public key. */
export const KEY_BYTES = 32

/**
 * A public key as the number that the contract keeps (big-endian).
 * @throws {MalformedIdError} It is not 32 bytes.
 */
export function keyToNumber(key: Uint8Array): bigint {
  if (key.length !== KEY_BYTES) throw new MalformedIdError('encryption key')
  return key.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
}

/** The public key in the contract's number; undefined when none was set. */
export function keyFromNumber(number: bigint): Uint8Array | undefined {
  if (number === 0n) return undefined
  return Uint8Array.from({ length: KEY_BYTES }, (_, index) => Number((number >> BigInt(8 * (KEY_BYTES - 1 - index))) & 0xffn))
}
