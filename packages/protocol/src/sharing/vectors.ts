/**
 * Many field elements in a row, each as two 32-bit words, the low one first. On a little-endian machine (all that we run on) its bytes are the
 * elements as u64, so a vector travels, and enters WebAssembly, as it is.
 */
export type FieldVector = Uint32Array<ArrayBuffer>

/** So many zeros. */
export const zeros = (count: number): FieldVector => new Uint32Array(2 * count)

/** How many elements a vector has. */
export const countOf = (vector: FieldVector): number => vector.length / 2

/**
 * Whole numbers from 0 as a vector; the caller knows that they are below the prime.
 * @example
 * toBigInts(vectorOf([1, 2n])) // [1n, 2n]
 */
export function vectorOf(values: ArrayLike<number | bigint>): FieldVector {
  const vector = zeros(values.length)
  for (let index = 0; index < values.length; index++) setElement(vector, index, BigInt(values[index]!))
  return vector
}

/** One element as a bigint: for single values, not for hot loops. */
export function element(vector: FieldVector, index: number): bigint {
  return (BigInt(vector[2 * index + 1]!) << 32n) | BigInt(vector[2 * index]!)
}

export function setElement(vector: FieldVector, index: number, value: bigint): void {
  vector[2 * index] = Number(value & 0xffffffffn)
  vector[2 * index + 1] = Number(value >> 32n)
}

export function toBigInts(vector: FieldVector): bigint[] {
  return Array.from({ length: countOf(vector) }, (_, index) => element(vector, index))
}

/** The elements from one index to before another, without copying. */
export function part(vector: FieldVector, from: number, to: number): FieldVector {
  return vector.subarray(2 * from, 2 * to)
}

/** Vectors one after the other. */
export function joined(vectors: readonly FieldVector[]): FieldVector {
  const whole: FieldVector = new Uint32Array(vectors.reduce((length, vector) => length + vector.length, 0))
  let at = 0
  for (const vector of vectors) {
    whole.set(vector, at)
    at += vector.length
  }
  return whole
}

export function sameVector(one: FieldVector, other: FieldVector): boolean {
  return one.length === other.length && one.every((word, index) => word === other[index])
}
