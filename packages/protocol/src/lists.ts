import * as z from 'zod'

/** How many members a set may have. */
export type SetLimits = { readonly min?: number; readonly max: number }

/**
 * A set that is written as a list: at most `max` members, and none twice. With an `order` it is parsed into that order, so that two lists of the
 * same members are the same list: digests and commitments are made of the members alone.
 * @param order - Members in the order that they are parsed into; others follow in the order of their text. Without it a list stays as it is.
 * @example
 * setOf(z.enum(['a', 'b']), { max: 2 }, ['a', 'b']).parse(['b', 'a']) // ['a', 'b']
 */
export function setOf<S extends z.ZodType<string | number>>(item: S, { min = 0, max }: SetLimits, order?: readonly z.output<S>[]) {
  return z
    .array(item)
    .min(min)
    .max(max, { abort: true })
    .refine((members) => new Set(members).size === members.length, { error: 'expected no member twice', abort: true })
    .overwrite((members) => (order === undefined ? members : members.toSorted(by(order))))
    .meta({ uniqueItems: true })
}

/**
 * The same for lists that were kept before repeats were refused, and for those that another version of MedSync wrote: a member that stands
 * there twice is read once.
 */
export function readSet<T extends z.ZodType>(set: T) {
  return z.preprocess((members) => (Array.isArray(members) ? [...new Set(members)] : members), set)
}

function by(order: readonly (string | number)[]): (one: string | number, other: string | number) => number {
  const places = new Map(order.map((member, place) => [member, place]))
  const placeOf = (member: string | number): number => places.get(member) ?? order.length
  return (one, other) => placeOf(one) - placeOf(other) || compare(one, other)
}

function compare(one: string | number, other: string | number): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
