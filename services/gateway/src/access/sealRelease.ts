import { createHash } from 'node:crypto'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { hpke } from '../keys/hpke.ts'
import type { DisclosedBundle } from '../records/disclose.ts'
import { RequestError } from './accessErrors.ts'
import { RELEASE_LIMITS, type ReleaseLimits } from './releaseLimits.ts'

/** Text that is packed at once, letters. */
const BATCH_LETTERS = 65_536

/** A Bundle that only one key opens. */
export type SealedBundle = {
  readonly encapsulated: Uint8Array
  readonly ciphertext: Uint8Array
  /** SHA-256 of the ciphertext, hex. */
  readonly sha256: string
}

/**
 * Seals a Bundle to a researcher's public key: HPKE base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, over its gzip. The Bundle
 * is written and packed resource by resource, and given up as soon as it is too large: its whole text is never in memory.
 * @param key - X25519 public key, 32 bytes, as the chain has it.
 * @param info - `releaseInfo` of the request: sealed for one request, it opens for no other.
 * @throws {RequestError} `request/no-key`: the bytes are no usable key. `release/too-large`: it is more than `limits` allow.
 * @source RFC 9180.
 */
export async function sealRelease(
  bundle: DisclosedBundle,
  key: Uint8Array,
  info: string,
  limits: ReleaseLimits = RELEASE_LIMITS,
): Promise<SealedBundle> {
  if (bundle.entry.length > limits.maxResources) throw new RequestError('release/too-large')
  const plain = await packed(bundle, limits)
  const sender = await openSender(key, info)
  const ciphertext = new Uint8Array(await sender.seal(new Uint8Array(plain).buffer))
  return { encapsulated: new Uint8Array(sender.enc), ciphertext, sha256: createHash('sha256').update(ciphertext).digest('hex') }
}

/** The gzip of the Bundle's JSON. */
async function packed(bundle: DisclosedBundle, { maxBytes }: ReleaseLimits): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const counted = function* (): Generator<Buffer> {
    for (const text of textOf(bundle)) {
      const chunk = Buffer.from(text, 'utf8')
      bytes += chunk.length
      if (bytes > maxBytes) throw new RequestError('release/too-large')
      yield chunk
    }
  }
  const sink = new Writable({ write: (chunk: Uint8Array, _encoding, done) => done(void chunks.push(chunk)) })
  await pipeline(Readable.from(counted()), createGzip(), sink)
  return Buffer.concat(chunks)
}

/** The same text as `JSON.stringify(bundle)`, in batches. */
function* textOf({ entry, ...head }: DisclosedBundle): Generator<string> {
  let batch = `${JSON.stringify(head).slice(0, -1)},"entry":[`
  for (const [index, each] of entry.entries()) {
    batch += (index === 0 ? '' : ',') + JSON.stringify(each)
    if (batch.length < BATCH_LETTERS) continue
    yield batch
    batch = ''
  }
  yield `${batch}]}`
}

async function openSender(key: Uint8Array, info: string) {
  try {
    const recipientPublicKey = await hpke.kem.deserializePublicKey(new Uint8Array(key).buffer)
    return await hpke.createSenderContext({ recipientPublicKey, info: new TextEncoder().encode(info).buffer })
  } catch (cause) {
    throw new RequestError('request/no-key', 'not a usable X25519 key', { cause })
  }
}
