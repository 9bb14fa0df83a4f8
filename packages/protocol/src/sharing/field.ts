import type { FieldVector } from './vectors.ts'

/**
 * The arithmetic that the protocols stand on, over whole vectors. Two fields have it: `field61` for real rounds, and `bigintField` for any prime,
 * as the reference, and for tests that try every draw of a small field. Operands are elements of the field; who takes vectors from others checks first.
 */
export type Field = {
  readonly prime: bigint
  /** `into[i] += from[i]` */
  add(into: FieldVector, from: FieldVector): void
  /** `into[i] += factor * from[i]` */
  addScaled(into: FieldVector, from: FieldVector, factor: bigint): void
  /** `into[at] += left[leftAt] * right[rightAt] + ...`, over `count` elements. */
  addDot(into: FieldVector, at: number, operands: DotOperands): void
  /** Index of the first element that is not below the prime; -1 when all are. */
  firstOutside(vector: FieldVector): number
}

/** Two stretches of elements to be multiplied pair by pair. */
export type DotOperands = {
  readonly left: FieldVector
  readonly leftAt: number
  readonly right: FieldVector
  readonly rightAt: number
  readonly count: number
}

/** Makes so many uniform field elements; a biased or predictable one breaks every promise of this folder. */
export type DrawElements = (count: number) => FieldVector

/** A number brought into the field; negative ones count down from the prime. */
export function modulo(field: Field, value: bigint): bigint {
  const rest = value % field.prime
  return rest < 0n ? rest + field.prime : rest
}

/** @throws {RangeError} Zero has no inverse. */
export function inverse(field: Field, value: bigint): bigint {
  let [a, b, x, y] = [modulo(field, value), field.prime, 1n, 0n]
  while (a > 1n) {
    const quotient = b / a
    ;[a, b, x, y] = [b - quotient * a, a, y - quotient * x, x]
  }
  if (a === 0n) throw new RangeError('zero has no inverse')
  return modulo(field, x)
}
