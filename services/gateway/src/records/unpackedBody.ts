import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { RecordError } from '../gatewayErrors.ts'

/** Larger than the default: each piece crosses to another thread and back. */
const CHUNK_BYTES = 262_144
const GZIP_MAGIC = [0x1f, 0x8b] as const

/**
 * The bytes of a body, unpacked when it is gzip (whether it says so or not), never more than `maxBytes` of them: a small file that unpacks to a huge
 * one is stopped where the limit is, not where it ends. What is left of the body stays unread; see `drainBody`.
 * @throws {RecordError} `record/too-large`, `record/broken-gzip`, `upload/interrupted`
 */
export async function* unpackedBody(body: Readable, { maxBytes }: { readonly maxBytes: number }): AsyncGenerator<Uint8Array> {
  let bytes = 0
  try {
    for await (const chunk of await unpacked(body)) {
      bytes += chunk.length
      if (bytes > maxBytes) throw new RecordError('record/too-large', `over ${maxBytes} bytes`)
      yield chunk
    }
  } catch (failure) {
    throw failure instanceof RecordError ? failure : new RecordError(isZlibFailure(failure) ? 'record/broken-gzip' : 'upload/interrupted')
  }
}

async function unpacked(body: Readable): Promise<AsyncIterable<Uint8Array>> {
  const chunks: AsyncIterator<Uint8Array> = body.iterator({ destroyOnReturn: false })
  let first = Buffer.alloc(0)
  while (first.length < GZIP_MAGIC.length) {
    const next = await chunks.next()
    if (next.done) break
    first = Buffer.concat([first, next.value])
  }
  const whole = startingWith(first, chunks)
  if (first[0] !== GZIP_MAGIC[0] || first[1] !== GZIP_MAGIC[1]) return whole
  // A failure on either side ends both; whoever reads the unpacked side gets it.
  return pipeline(Readable.from(whole), createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined)
}

async function* startingWith(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (first.length > 0) yield first
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    // Lets go of the body, so that it can be drained.
    await rest.return?.()
  }
}

function isZlibFailure(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && typeof failure.code === 'string' && failure.code.startsWith('Z_')
}
