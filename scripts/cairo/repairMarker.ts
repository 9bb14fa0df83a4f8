import { ChoreError } from '../choreError.ts'

const MARKER_32_BITS = '0xffffffff'
const MARKER_64_BITS = '0xffffffffffffffff'
/** Sierra version and compiler version, three felts each, stand before the compressed program. */
const VERSION_FELTS = 6
const STARK_PRIME = 2n ** 251n + 17n * 2n ** 192n + 1n

/**
 * Writes the "fall through" branch marker of a Sierra program the way 64-bit tools want it. The WASM compiler, built for 32 bits,
 * writes `0xffffffff`; the program is dictionary-compressed, so the word stands once in it however often it is used.
 * @throws {ChoreError} `cairo/marker-clash` when the contract itself uses the constant 2^32-1, in whatever form: the two would share
 * the word. `cairo/marker-missing` when the marker does not stand exactly once.
 * @source `felt252_serde.rs` and `felt252_vec_compression.rs` of starkware-libs/cairo, tag v2.8.2.
 */
export function repairMarker(program: readonly string[], contract: string): string[] {
  const count = program.filter((felt) => felt === MARKER_32_BITS).length
  if (count !== 1) {
    throw new ChoreError(
      'cairo/marker-missing',
      `The Sierra of ${contract} holds the word ${MARKER_32_BITS} ${count} times, not once.`,
      'Another compiler version may have made it; then this repair has to be looked at again.',
    )
  }
  if (declaredValues(program).includes(BigInt(MARKER_32_BITS))) {
    throw new ChoreError(
      'cairo/marker-clash',
      `${contract} uses the constant 2^32-1, which the WASM compiler cannot tell from its branch marker.`,
      'Write the source without this constant (0xffffffff, 4294967295, `Bounded::<u32>::MAX`), for example with `< 0x100000000` or a u64.',
    )
  }
  return program.map((felt) => (felt === MARKER_32_BITS ? MARKER_64_BITS : felt))
}

/** Every value that types and library functions of the program are declared with, constants among them. */
function declaredValues(program: readonly string[]): bigint[] {
  const felts = decompress(program.slice(VERSION_FELTS).map(BigInt))
  const values: bigint[] = []
  let at = 0
  for (let section = 0; section < 2; section++) {
    const declarations = Number(next())
    for (let declaration = 0; declaration < declarations; declaration++) {
      next()
      const count = Number(next() & (2n ** 128n - 1n))
      for (let argument = 0; argument < count; argument++) {
        next()
        values.push(next())
      }
    }
  }
  return values

  function next(): bigint {
    const felt = felts[at++]
    if (felt !== undefined) return felt
    throw new ChoreError(
      'cairo/sierra-short',
      'The Sierra program ends before its declarations do.',
      'Build it again; if that repeats, the compiler changed.',
    )
  }
}

function decompress(packed: readonly bigint[]): bigint[] {
  const codeSize = Number(packed[0])
  const paddedSize = packed[0]! + packed[1]!
  const code = packed.slice(2, 2 + codeSize)
  const words = packed.slice(3 + codeSize)
  let remaining = Number(packed[2 + codeSize])
  const perFelt = wordsPerFelt(paddedSize)
  const values: bigint[] = []
  for (let word of words) {
    const here = Math.min(perFelt, remaining)
    for (let place = 0; place < here; place++) {
      values.push(code[Number(word % paddedSize)]!)
      word /= paddedSize
    }
    remaining -= here
  }
  return values
}

function wordsPerFelt(paddedSize: bigint): number {
  let count = 0
  for (let encoded = paddedSize; encoded < STARK_PRIME; encoded *= paddedSize) count++
  return count
}
