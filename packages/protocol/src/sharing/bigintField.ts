import { type DotOperands, type Field, modulo } from './field.ts'
import { countOf, element, type FieldVector, setElement } from './vectors.ts'

/** Plain arithmetic for any prime below 2^61: fifty times slower than `field61`, and easy to trust. */
export function bigintField(prime: bigint): Field {
  const plus = (into: FieldVector, index: number, value: bigint): void =>
    setElement(into, index, modulo(field, element(into, index) + value))
  const field: Field = {
    prime,
    add: (into, from) => field.addScaled(into, from, 1n),
    addScaled: (into, from, factor) => {
      for (let index = 0; index < countOf(from); index++) plus(into, index, factor * element(from, index))
    },
    addDot: (into, at, { left, leftAt, right, rightAt, count }: DotOperands) => {
      for (let index = 0; index < count; index++) plus(into, at, element(left, leftAt + index) * element(right, rightAt + index))
    },
    firstOutside: (vector) => {
      for (let index = 0; index < countOf(vector); index++) if (element(vector, index) >= prime) return index
      return -1
    },
  }
  return field
}
