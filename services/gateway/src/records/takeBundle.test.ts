import { PassThrough, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { type AccountAddress, account } from '@medsync/protocol'
import { afterAll, describe, expect, test } from 'vitest'
import { BoundedEventHub } from '../events/boundedEventHub.ts'
import { BundleReader } from './bundleReader.ts'
import { type Arriving, BundleTaker } from './takeBundle.ts'

const PACE = { pauseMs: 300, graceMs: 500, bytesPerS: 10_000 }
const reader = new BundleReader({ threads: 1 })
const taker = new BundleTaker({ reader, events: new BoundedEventHub('e'), pace: PACE })
afterAll(() => reader.close())

const MERCY = account('0x1')
const STCLARE = account('0x2')
const bundle = Buffer.from(
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource: { resourceType: 'Patient', identifier: [{ system: 'urn:x', value: '1' }] } }],
  }),
)
const failure = (code: string) => expect.objectContaining({ code })
const take = (body: Readable, more: Partial<Arriving> & { account?: AccountAddress } = {}) =>
  taker.take({ body, upload: undefined, account: MERCY, maxBytes: 1_000_000, maxResources: 100, ...more })
const whole = (bytes: Uint8Array = bundle): Readable => Readable.from([bytes])

describe('a body on its way', { timeout: 60_000 }, () => {
  test('is taken in pieces of any size, plain or packed', async () => {
    for (const bytes of [bundle, gzipSync(bundle)]) {
      const pieces = Readable.from([...bytes].map((byte) => Uint8Array.of(byte)))
      expect((await take(pieces)).summary.resources).toBe(1)
    }
  })

  test('error: one that pauses, and one that comes drop by drop', async () => {
    const silent = new PassThrough()
    silent.write(bundle.subarray(0, 10))
    await expect(take(silent)).rejects.toEqual(failure('upload/too-slow'))
    const drops = Readable.from(
      (async function* () {
        for (;;) {
          yield Buffer.from(' ')
          await sleep(20)
        }
      })(),
    )
    await expect(take(drops)).rejects.toEqual(failure('upload/too-slow'))
  })

  test('error: one that breaks off, and one whose sender has gone', async () => {
    const broken = new PassThrough()
    broken.write(bundle.subarray(0, 10))
    const taken = take(broken)
    await sleep(20)
    broken.destroy(new Error('socket hang up'))
    await expect(taken).rejects.toEqual(failure('upload/interrupted'))
    await expect(take(whole(), { signal: AbortSignal.abort() })).rejects.toEqual(failure('upload/interrupted'))
    const gone = new AbortController()
    const waiting = take(whole(), { signal: gone.signal })
    gone.abort()
    await expect(waiting).rejects.toEqual(failure('upload/interrupted'))
    expect((await take(whole())).summary.resources).toBe(1)
  })

  test('error: one that is too large, sent or unpacked', async () => {
    await expect(take(whole(Buffer.alloc(1_000_001, 0x20)))).rejects.toEqual(failure('record/too-large'))
    await expect(take(whole(gzipSync(Buffer.alloc(100_000_000, 0x20))))).rejects.toEqual(failure('record/too-large'))
  })

  test('error: more of one account than it may have; another account is served', async () => {
    const bodies = Array.from({ length: 16 }, () => new PassThrough())
    const open = bodies.map((body) => take(body).catch((failed: unknown) => failed))
    await expect(take(whole())).rejects.toEqual(failure('upload/busy'))
    expect((await take(whole(), { account: STCLARE })).summary.resources).toBe(1)
    expect(await Promise.all(open)).toEqual(Array(16).fill(failure('upload/too-slow')))
    expect((await take(whole())).summary.resources).toBe(1)
  })
})
