import { afterEach, describe, expect, test } from 'vitest'
import { BundleReader, type BundleReaderOptions } from './bundleReader.ts'

/** Loading the definitions takes seconds where many work at once. */
const SLOW = { timeout: 120_000 }
const LIMITS = { maxResources: 50_000 }
const failure = (code: string) => expect.objectContaining({ code })

let open: BundleReader[] = []
function reader(options?: BundleReaderOptions): BundleReader {
  const made = new BundleReader(options)
  open.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(open.map((each) => each.close()))
  open = []
})

const patient = { resourceType: 'Patient', id: 'p', identifier: [{ system: 'urn:x', value: '1' }] }
const bundle = (...resources: object[]): Buffer =>
  Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) }))
/** Valid, and takes the check a second or more. */
const costly = (resources = 3): Buffer =>
  bundle(
    patient,
    ...Array.from({ length: resources }, () => ({
      resourceType: 'Basic',
      code: { text: 'x' },
      extension: Array(12_000).fill({ url: 'a', valueCode: 'b' }),
    })),
  )

async function read(from: BundleReader, bytes: Uint8Array, owner?: string): Promise<number> {
  const reading = from.open(LIMITS, owner)
  try {
    await reading.write(bytes)
    return (await reading.end()).summary.resources
  } finally {
    reading.abandon()
  }
}

describe('the threads that read Bundles', SLOW, () => {
  test('one Bundle has a thread to itself; a costly one keeps no other from the second', async () => {
    const threads = reader({ threads: 2 })
    await Promise.all([read(threads, costly(), 'a'), read(threads, costly(), 'b')])
    const order: string[] = []
    await Promise.all([
      read(threads, costly(), 'a').then(() => order.push('costly')),
      ...Array.from({ length: 4 }, () => read(threads, bundle(patient), 'b').then(() => order.push('small'))),
    ])
    expect(order).toEqual(['small', 'small', 'small', 'small', 'costly'])
  })

  test('those who wait take turns, and one owner never has all threads', async () => {
    const threads = reader({ threads: 2 })
    await Promise.all([read(threads, costly(), 'a'), read(threads, costly(), 'b')])
    const order: string[] = []
    const done = (owner: string) => () => order.push(owner)
    await Promise.all([
      ...Array.from({ length: 3 }, () => read(threads, costly(), 'greedy').then(done('greedy'))),
      read(threads, bundle(patient), 'modest').then(done('modest')),
    ])
    expect(order[0]).toBe('modest')
  })

  test('error: beyond the time limit the thread is ended and its Bundle refused; what waits is read by a new thread', async () => {
    const threads = reader({ threads: 1, timeoutMs: 1_000, msPerMb: 0 })
    await read(threads, bundle(patient))
    const failed = threads.open(LIMITS)
    const waiting = read(threads, bundle(patient))
    await expect(failed.write(costly(24)).then(() => failed.end())).rejects.toEqual(failure('upload/time-limit'))
    await expect(failed.write(bundle(patient))).rejects.toEqual(failure('upload/time-limit'))
    failed.abandon()
    expect(await waiting).toBe(1)
  })

  test('error: a thread that runs out of memory ends alone; its Bundle is refused in words, and those that wait are read', async () => {
    const threads = reader({ threads: 1, heapMb: 300 })
    expect(await read(threads, bundle(patient))).toBe(1)
    const hungry = threads.open(LIMITS)
    const waiting = read(threads, bundle(patient))
    await hungry.write(Buffer.from('{"resourceType":"Bundle","type":"collection","entry":['))
    const piece = Buffer.from(`{"resource":{"resourceType":"Binary","contentType":"a/b","data":"${'AAAA'.repeat(200_000)}"}},`)
    const feed = async (): Promise<void> => {
      for (let turn = 0; turn < 2_000; turn += 1) await hungry.write(piece)
    }
    await expect(feed()).rejects.toEqual(failure('record/too-complex'))
    hungry.abandon()
    expect(await waiting).toBe(1)
  })

  test('error: what waits behind a full queue is refused at once; what is abandoned makes room', async () => {
    const threads = reader({ threads: 1, maxWaiting: 1 })
    const first = threads.open(LIMITS)
    await first.write(Buffer.from('{'))
    const second = threads.open(LIMITS)
    expect(() => threads.open(LIMITS)).toThrow(failure('upload/busy'))
    second.abandon()
    await expect(second.write(bundle(patient))).rejects.toEqual(failure('upload/interrupted'))
    const third = read(threads, bundle(patient))
    first.abandon()
    await expect(first.write(bundle(patient))).rejects.toEqual(failure('upload/interrupted'))
    expect(await third).toBe(1)
  })

  test('error: closing refuses what is being read and what waits', async () => {
    const threads = reader({ threads: 1 })
    const both = [read(threads, costly()), read(threads, bundle(patient))].map((each) =>
      expect(each).rejects.toEqual(failure('upload/reader-ended')),
    )
    await threads.close()
    await Promise.all(both)
    expect(() => threads.open(LIMITS)).toThrow(failure('upload/reader-ended'))
  })

  test('error: a refused Bundle leaves the thread to the next one', async () => {
    const threads = reader({ threads: 1 })
    await expect(read(threads, Buffer.from('{]'))).rejects.toEqual(failure('input/not-json'))
    await expect(read(threads, bundle(patient, { resourceType: 'Bundle', type: 'collection' }))).rejects.toEqual(
      failure('record/nested-bundle'),
    )
    const named = bundle(patient, { resourceType: 'Basic', code: { text: 'x' } })
    const proto = Buffer.from(named.toString().replace('"text":"x"', '"text":"x","__proto__":{"a":1}'))
    await expect(read(threads, proto)).rejects.toEqual(failure('record/invalid-resource'))
    expect(await read(threads, named)).toBe(2)
  })
})
