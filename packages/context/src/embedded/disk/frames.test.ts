import { createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, newJournal, readFrames } from './frames.ts'
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
const KEY = createSecretKey(Buffer.alloc(32, 7))
const keyOf = () => KEY

type Journal = { readonly bytes: Buffer; readonly ends: readonly number[]; readonly headerBytes: number; readonly parts: readonly Buffer[] }

function journalOf(list: readonly StoreRecord[], key?: typeof keyOf): Journal {
  const journal = newJournal(key)
  const frames = list.map((one) => encodeFrame(journal, one))
  const headerBytes = journal.header.length
  const ends = frames.map((_, index) => frames.slice(0, index + 1).reduce((sum, frame) => sum + frame.length, headerBytes))
  return { bytes: Buffer.concat([journal.header, ...frames]), ends, headerBytes, parts: frames }
}

function entry(sequence: number, value: string): StoreRecord {
  return { sequence, timeNs: 0n, root: '', member: '', changes: [{ isOrdered: false, key: 'k', value }] }
}

describe.each([
  { name: 'plain', key: undefined },
  { name: 'sealed', key: keyOf },
])('a $name journal', ({ key }) => {
  test('what was written is read, byte for byte', () => {
    fc.assert(
      fc.property(records, (list) => {
        const { bytes, ends } = journalOf(list, key)
        const contents = readFrames(bytes, key)
        expect(contents.state).toBe('whole')
        expect(contents.frames.map(({ record, endBytes }) => ({ record, endBytes }))).toEqual(
          list.map((one, index) => ({ record: one, endBytes: ends[index] })),
        )
      }),
      settings,
    )
  })

  test('a journal cut at any byte is torn there and good before', () => {
    fc.assert(
      fc.property(records, fc.nat(), (list, place) => {
        const { bytes, ends, headerBytes } = journalOf(list, key)
        const cut = place % bytes.length
        const contents = readFrames(bytes.subarray(0, cut), key)
        const whole = ends.filter((end) => end <= cut).length
        expect(contents.frames.map((frame) => frame.record)).toEqual(list.slice(0, whole))
        expect(contents.state).toBe(cut === headerBytes || ends.includes(cut) ? 'whole' : 'torn')
      }),
      settings,
    )
  })

  test('error: a byte that changed is never read as a record; before others it is damage, in the last it is a torn tail', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), (list, place, flip) => {
        const { bytes, ends, headerBytes } = journalOf(list, key)
        const at = headerBytes + (place % (bytes.length - headerBytes))
        bytes[at] = (bytes[at] ?? 0) ^ flip
        const contents = readFrames(bytes, key)
        const whole = ends.filter((end) => end <= at).length
        expect(contents.frames.map((frame) => frame.record)).toEqual(list.slice(0, whole))
        expect(contents.state).toBe(whole === list.length - 1 ? 'torn' : 'damaged')
      }),
      settings,
    )
  })
})

test('a value that holds the bytes of a journal does not make a torn tail look like damage', () => {
  const inner = journalOf([entry(9, '')]).bytes.toString('latin1')
  const { bytes } = journalOf([entry(1, inner)])
  expect(readFrames(bytes.subarray(0, bytes.length - 1)).state).toBe('torn')
})

test('error: a file that is no journal is damage', () => {
  expect(readFrames(Buffer.from('something else altogether')).state).toBe('damaged')
})

test('a sealed journal shows nothing of its records, and never the same bytes twice', () => {
  const list = [entry(1, 'planted-value'), entry(2, 'planted-value')]
  const { bytes, parts } = journalOf(list, keyOf)
  expect(bytes.includes('planted')).toBe(false)
  expect(parts[0]?.subarray(12).equals(parts[1]?.subarray(12) ?? Buffer.alloc(0))).toBe(false)
  expect(journalOf(list).bytes.includes('planted')).toBe(true)
})

test('error: a sealed journal without its key, or with another, is locked and not torn, even with one record', () => {
  const { bytes } = journalOf([entry(1, 'a')], keyOf)
  expect(readFrames(bytes).state).toBe('locked')
  expect(readFrames(bytes, () => createSecretKey(Buffer.alloc(32, 8)))).toMatchObject({ state: 'locked', frames: [] })
})

test('error: who left out, moved, repeated or forged a record of a sealed journal, with good checksums, is found out', () => {
  // One journal's frames under one head, so that all checksums are good.
  const journal = newJournal(keyOf)
  const [first, second, third] = [entry(1, 'a'), entry(2, 'b'), entry(3, 'c')].map((one) => encodeFrame(journal, one))
  const forged = encodeFrame({ header: journal.header, chain: undefined }, entry(2, 'x'))
  const state = (...frames: (Buffer | undefined)[]) =>
    readFrames(Buffer.concat([journal.header, ...frames.map((frame) => frame ?? Buffer.alloc(0))]), keyOf).state
  expect(state(first, second, third)).toBe('whole')
  expect([state(first, third), state(second), state(first, third, second), state(first, second, second), state(first, forged)]).toEqual(
    Array.from({ length: 5 }, () => 'locked'),
  )
})

test('error: a record that was taken back does not fit in place of the one that was kept there', () => {
  const journal = newJournal(keyOf)
  const first = encodeFrame(journal, entry(1, 'a'))
  const link = journal.chain?.link ?? Buffer.alloc(0)
  const takenBack = encodeFrame(journal, entry(2, 'b'))
  if (journal.chain !== undefined) journal.chain.link = link
  const kept = encodeFrame(journal, entry(2, 'c'))
  const last = encodeFrame(journal, entry(3, 'd'))
  expect(readFrames(Buffer.concat([journal.header, first, kept, last]), keyOf).state).toBe('whole')
  expect(readFrames(Buffer.concat([journal.header, first, takenBack, last]), keyOf).state).toBe('locked')
})
