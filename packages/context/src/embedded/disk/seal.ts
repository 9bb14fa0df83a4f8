import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What a seal adds to what it hides. */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES

/**
 * Hides bytes and makes every change to them show (AES-256-GCM): nonce, ciphertext, tag.
 * @param key - 32 bytes, of one file only: nonces are random, so one key may seal some 2^32 things.
 * @param bound - Opens only beside the same bytes; not hidden, not in the result.
 * @source NIST SP 800-38D, 8.2.2 (random nonces) and 8.3 (how many).
 */
export function seal(key: Uint8Array, plain: Uint8Array, bound: Uint8Array): Buffer {
  return Buffer.concat([...sealParts(key, [plain], bound)])
}

/** `seal` of many parts as one, piece by piece. */
export function* sealParts(key: Uint8Array, parts: Iterable<Uint8Array>, bound: Uint8Array): Generator<Buffer> {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce)
  cipher.setAAD(bound)
  yield nonce
  for (const part of parts) yield cipher.update(part)
  yield cipher.final()
  yield cipher.getAuthTag()
}

/** What was sealed; undefined when key, bytes or bound bytes are others. */
export function unseal(key: Uint8Array, sealed: Uint8Array, bound: Uint8Array): Buffer | undefined {
  if (sealed.length < SEAL_BYTES) return undefined
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(bound)
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES))
  return isWhole(decipher) ? plain : undefined
}

/** The tag of what was sealed: it stands for all of it. */
export function tagOf(sealed: Buffer): Buffer {
  return Buffer.from(sealed.subarray(sealed.length - TAG_BYTES))
}

function isWhole(decipher: ReturnType<typeof createDecipheriv>): boolean {
  try {
    decipher.final()
    return true
  } catch {
    return false
  }
}
