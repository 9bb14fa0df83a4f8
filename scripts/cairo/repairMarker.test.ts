import { describe, expect, test } from 'vitest'
import { repairMarker } from './repairMarker.ts'

const MARKER = 0xffffffffn
const VERSIONS = ['0x1', '0x6', '0x0', '0x2', '0x8', '0x2']
/** No types; one library function `u32_const<value>`; one statement whose only branch falls through; no functions. */
const program = (value: bigint): bigint[] => [0n, 1n, 0x753332n, 1n, 2n, value, 1n, 0n, 0n, 0n, 1n, MARKER, 0n, 0n]

/** As the compiler packs a program: each different word once, then their places, eight bits each. */
function compress(words: readonly bigint[]): string[] {
  const code = [...new Set(words)]
  const packed: bigint[] = []
  for (let at = 0; at < words.length; at += 31) {
    packed.push(words.slice(at, at + 31).reduceRight((felt, word) => felt * 256n + BigInt(code.indexOf(word)), 0n))
  }
  return [BigInt(code.length), BigInt(256 - code.length), ...code, BigInt(words.length), ...packed].map((felt) => `0x${felt.toString(16)}`)
}

describe('repairMarker', () => {
  test('widens the one word, and leaves every other as it is', () => {
    const sierra = [...VERSIONS, ...compress(program(7n))]
    const repaired = repairMarker(sierra, 'Pool')
    expect(repaired.filter((felt) => felt === '0xffffffffffffffff')).toHaveLength(1)
    expect(repaired.map((felt) => (felt === '0xffffffffffffffff' ? '0xffffffff' : felt))).toEqual(sierra)
  })

  test('a neighbour of the constant is no clash', () => {
    expect(() => repairMarker([...VERSIONS, ...compress(program(MARKER - 1n))], 'Pool')).not.toThrow()
  })

  test('error: a contract that uses 2^32-1, however it is written, is refused', () => {
    expect(() => repairMarker([...VERSIONS, ...compress(program(MARKER))], 'Pool')).toThrowErrorMatchingInlineSnapshot(
      `[ChoreError: Pool uses the constant 2^32-1, which the WASM compiler cannot tell from its branch marker. Write the source without this constant (0xffffffff, 4294967295, \`Bounded::<u32>::MAX\`), for example with \`< 0x100000000\` or a u64.]`,
    )
  })

  test('error: a program without the marker comes from another compiler', () => {
    const other = [...VERSIONS, ...compress(program(7n))].map((felt) => (felt === '0xffffffff' ? '0xffffffffffffffff' : felt))
    expect(() => repairMarker(other, 'Pool')).toThrowError(expect.objectContaining({ code: 'cairo/marker-missing' }))
  })
})
