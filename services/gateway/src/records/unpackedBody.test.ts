import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { unpackedBody } from './unpackedBody.ts'

/** A body in pieces of this size, as it comes off the wire. */
function body(bytes: Uint8Array, pieceBytes = 1_000): Readable {
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  )
  return Readable.from(pieces, { objectMode: false })
}

async function unpack(stream: Readable, maxBytes = 1_000_000): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of unpackedBody(stream, { maxBytes })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const text = Buffer.from('{"a":1}'.repeat(5_000))
const failure = (code: string) => expect.objectContaining({ code })

describe('unpackedBody', () => {
  test('gives the same bytes, plain or gzip, in any pieces', async () => {
    for (const size of [1, 2, 3, 70_000]) {
      expect((await unpack(body(text.subarray(0, 500), size))).equals(text.subarray(0, 500))).toBe(true)
      expect((await unpack(body(gzipSync(text), size))).equals(text)).toBe(true)
    }
    expect((await unpack(body(new Uint8Array()))).length).toBe(0)
    expect((await unpack(body(Buffer.from('{')))).toString()).toBe('{')
  })

  test('takes exactly as much as the limit', async () => {
    expect((await unpack(body(text), text.length)).length).toBe(text.length)
    expect((await unpack(body(gzipSync(text)), text.length)).length).toBe(text.length)
  })

  test('error: one byte more, however small it was packed', async () => {
    await expect(unpack(body(text), text.length - 1)).rejects.toThrow(failure('record/too-large'))
    await expect(unpack(body(gzipSync(text)), text.length - 1)).rejects.toThrow(failure('record/too-large'))
  })

  test('error: damaged, cut short', async () => {
    const packed = gzipSync(text)
    const damaged = Buffer.from(packed)
    damaged.fill(0xee, 20, 40)
    await expect(unpack(body(damaged))).rejects.toThrow(failure('record/broken-gzip'))
    await expect(unpack(body(packed.subarray(0, -10)))).rejects.toThrow(failure('record/broken-gzip'))
  })

  test('error: a sender who goes away', async () => {
    const broken = Readable.from(
      (async function* () {
        yield text
        throw new RangeError('gone')
      })(),
    )
    await expect(unpack(broken)).rejects.toThrow(failure('upload/interrupted'))
  })
})
