import { timingSafeEqual } from 'node:crypto'

/** Whether two message authentication codes are the same; takes as long for a wrong one as for the right one. Undefined or null is none. */
export function isSameMac(mac: Uint8Array | null | undefined, expected: Uint8Array): boolean {
  return mac != null && mac.length === expected.length && timingSafeEqual(mac, expected)
}
