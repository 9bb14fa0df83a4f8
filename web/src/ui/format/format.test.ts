import { expect, test } from 'vitest'
import { countOf } from './countOf.ts'
import { formatBytes } from './formatBytes.ts'
import { shortenId } from './shortenId.ts'

test('sizes are told in the unit that people know', () => {
  expect(formatBytes(12, 'en')).toBe('12 bytes')
  expect(formatBytes(90_032, 'en')).toBe('88 kB')
  expect(formatBytes(5_500_000, 'en')).toBe('5.2 MB')
})

test('one thing is one, more are many', () => {
  expect(countOf(1, 'entry', 'entries')).toBe('1 entry')
  expect(countOf(0, 'entry', 'entries')).toBe('0 entries')
})

test('a long id is shortened in the middle, a short one is not', () => {
  expect(shortenId('0x64b48806902a367c8598f4f95c305e8c1a1acba5f082d294a43793113115691')).toBe('0x64b4…5691')
  expect(shortenId('0x1a')).toBe('0x1a')
})
