import { UnsupportedAppError } from '../../engine/engineErrors.ts'

/** Reads an unsigned number as WASM writes it (LEB128). */
export function readLeb(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[start + index]
    if (byte === undefined) break
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return { value, next: start + index + 1 }
  }
  throw new UnsupportedAppError('it is no WASM')
}

/** Writes one. */
export function writeLeb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...writeLeb(value >>> 7)]
}
