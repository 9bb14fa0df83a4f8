import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeFrame, HEADER_BYTES, newHeader, readFrames } from './frames.ts'
import type { StoreRecord } from './record.ts'

const binary = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 40 })
const change = fc.record({ isOrdered: fc.boolean(), key: binary, value: fc.option(binary, { nil: undefined }) })
const record = fc.record({
  timeNs: fc.bigInt({ min: 0n, max: 2n ** 63n }),
  root: fc.constantFrom('', 'r'.repeat(32)),
  member: fc.constantFrom('', 'mercy'),
  changes: fc.array(change, { maxLength: 4 }),
})
const records = fc
  .array(record, { minLength: 1, maxLength: 4 })
  .map((list) => list.map((one, index): StoreRecord => ({ ...one, sequence: index + 1 })))
const settings = { seed: 20261121, numRuns: 60 }

function journalOf(list: readonly StoreRecord[]): { bytes: Buffer; ends: number[] } {
  const header = newHeader()
  const frames = list.map((one) => encodeFrame(header, one))
  const ends = frames.map((_, index) => frames.slice(0, index + 1).reduce((sum, frame) => sum + frame.length, HEADER_BYTES))
  return { bytes: Buffer.concat([header, ...frames]), ends }
}

test('what was written is read, byte for byte', () => {
  fc.assert(
    fc.property(records, (list) => {
      const { bytes, ends } = journalOf(list)
      const contents = readFrames(bytes)
      expect(contents.state).toBe('whole')
      expect(contents.frames).toEqual(list.map((one, index) => ({ record: one, endBytes: ends[index] })))
    }),
    settings,
  )
})

test('a journal cut at any byte is torn there and good before', () => {
  fc.assert(
    fc.property(records, fc.nat(), (list, place) => {
      const { bytes, ends } = journalOf(list)
      const cut = place % bytes.length
      const contents = readFrames(bytes.subarray(0, cut))
      const whole = ends.filter((end) => end <= cut).length
      expect(contents.frames.map((frame) => frame.record)).toEqual(list.slice(0, whole))
      expect(contents.state).toBe(cut === HEADER_BYTES || ends.includes(cut) ? 'whole' : 'torn')
    }),
    settings,
  )
})

test('error: a byte that changed is never read as a record; before others it is damage, in the last it is a torn tail', () => {
  fc.assert(
    fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), (list, place, flip) => {
      const { bytes, ends } = journalOf(list)
      const at = HEADER_BYTES + (place % (bytes.length - HEADER_BYTES))
      bytes[at] = (bytes[at] ?? 0) ^ flip
      const contents = readFrames(bytes)
      const whole = ends.filter((end) => end <= at).length
      expect(contents.frames.map((frame) => frame.record)).toEqual(list.slice(0, whole))
      expect(contents.state).toBe(whole === list.length - 1 ? 'torn' : 'damaged')
    }),
    settings,
  )
})

test('a value that holds the bytes of a journal does not make a torn tail look like damage', () => {
  const inner = journalOf([{ sequence: 9, timeNs: 0n, root: '', member: '', changes: [] }]).bytes.toString('latin1')
  const { bytes } = journalOf([{ sequence: 1, timeNs: 0n, root: '', member: '', changes: [{ isOrdered: false, key: 'k', value: inner }] }])
  expect(readFrames(bytes.subarray(0, bytes.length - 1)).state).toBe('torn')
})

test('error: a file that is no journal is damage', () => {
  expect(readFrames(Buffer.from('something else altogether')).state).toBe('damaged')
})
