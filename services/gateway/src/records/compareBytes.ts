import { timingSafeEqual } from 'node:crypto'

/** Whether two byte strings are equal, in a time that does not tell where they differ. */
export function compareBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
