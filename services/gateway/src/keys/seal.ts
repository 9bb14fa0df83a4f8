import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { RecordError } from '../gatewayErrors.ts'
import type { Key } from './keyRing.ts'

/** First byte of everything sealed: version | nonce (12) | ciphertext | tag (16), AES-256-GCM. */
const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const ALGORITHM = 'aes-256-gcm'

/** A fresh key from the platform's generator. */
export function newKey(): Key {
  return randomBytes(32)
}

/**
 * Seals bytes so that only the key opens them, and only in the place they were sealed for.
 * @param place - What this belongs to (tenant, record, part); must be told again to open it.
 */
export function seal(key: Key, plain: Uint8Array, place: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce)
  cipher.setAAD(associated(place))
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/**
 * Opens what `seal` made.
 * @throws {RecordError} `record/damaged`: another key, another place, another version, or a changed byte.
 */
export function open(key: Key, sealed: Uint8Array, place: string): Buffer {
  if (sealed[0] !== VERSION || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) throw new RecordError('record/damaged', place)
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(1, 1 + NONCE_BYTES))
  decipher.setAAD(associated(place))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch (cause) {
    throw new RecordError('record/damaged', place, { cause })
  }
}

function associated(place: string): Buffer {
  return Buffer.from(`MedSync sealed v${VERSION}|${place}`, 'utf8')
}
