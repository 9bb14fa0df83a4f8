import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What a seal adds to what it hides. */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES

/** Random bytes not used yet; each goes into one nonce only. Fetched in bulk: alone they cost as much as the sealing. */
const random = Buffer.alloc(NONCE_BYTES * 256)
let randomUsed = random.length

/**
 * Hides bytes and makes every change to them show (AES-256-GCM): nonce, ciphertext, tag.
 * @param key - 32 bytes, of one file only: nonces are random, so one key may seal some 2^32 things. (A key object costs a tenth of raw bytes.)
 * @param bound - Opens only beside the same bytes; not hidden, not in the result.
 * @source NIST SP 800-38D, 8.2.2 (random nonces) and 8.3 (how many).
 */
export function seal(key: KeyObject, plain: Uint8Array, bound: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(plain.length + SEAL_BYTES)
  sealInto(sealed, 0, key, plain, bound)
  return sealed
}

/** `seal` into bytes that are there already, from a place on. @returns The tag. */
export function sealInto(into: Buffer, start: number, key: KeyObject, plain: Uint8Array, bound: Uint8Array): Buffer {
  let at = start
  let last = into
  for (const part of sealParts(key, [plain], bound)) {
    at += part.copy(into, at)
    last = part
  }
  return last
}

/** `seal` of many parts as one, piece by piece. */
export function* sealParts(key: KeyObject, parts: Iterable<Uint8Array>, bound: Uint8Array): Generator<Buffer> {
  const nonce = newNonce()
  const cipher = createCipheriv(CIPHER, key, nonce)
  cipher.setAAD(bound)
  yield nonce
  for (const part of parts) yield cipher.update(part)
  yield cipher.final()
  yield cipher.getAuthTag()
}

/** What was sealed; undefined when key, bytes or bound bytes are others. */
export function unseal(key: KeyObject, sealed: Uint8Array, bound: Uint8Array): Buffer | undefined {
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

function newNonce(): Buffer {
  if (randomUsed === random.length) {
    randomFillSync(random)
    randomUsed = 0
  }
  randomUsed += NONCE_BYTES
  return Buffer.from(random.subarray(randomUsed - NONCE_BYTES, randomUsed))
}

function isWhole(decipher: ReturnType<typeof createDecipheriv>): boolean {
  try {
    decipher.final()
    return true
  } catch {
    return false
  }
}
