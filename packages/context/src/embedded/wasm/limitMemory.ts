import { UnsupportedAppError } from '../../engine/engineErrors.ts'
import { readLeb, writeLeb } from './leb.ts'

const HEADER_BYTES = 8
const MEMORY_SECTION = 5
const HAS_MAXIMUM = 0x01

/**
 * Writes the most pages into a module's memory section, as the runtime's tunables do: past them `memory.grow` fails, and so does the
 * app's allocation.
 * @returns The module's bytes, changed in that section only.
 * @throws {UnsupportedAppError} It has no memory of its own, wants more from the start, or is no WASM.
 */
export function limitMemory(wasm: Uint8Array, mostPages: number): Uint8Array<ArrayBuffer> {
  let at = HEADER_BYTES
  while (at < wasm.length) {
    const id = wasm[at]
    const size = readLeb(wasm, at + 1)
    if (id === MEMORY_SECTION) {
      const body = memorySection(wasm, size.next, mostPages)
      return new Uint8Array(Buffer.concat([wasm.subarray(0, at), body, wasm.subarray(size.next + size.value)]))
    }
    at = size.next + size.value
  }
  throw new UnsupportedAppError('it has no memory of its own')
}

function memorySection(wasm: Uint8Array, start: number, mostPages: number): Buffer {
  const count = readLeb(wasm, start)
  const flags = wasm[count.next]
  if (count.value !== 1 || flags === undefined || flags > HAS_MAXIMUM) throw new UnsupportedAppError('its memory is of another kind')
  const least = readLeb(wasm, count.next + 1)
  const declared = flags === HAS_MAXIMUM ? readLeb(wasm, least.next).value : mostPages
  if (least.value > mostPages) throw new UnsupportedAppError(`it wants ${least.value} pages of memory, at most ${mostPages}`)
  const body = [1, HAS_MAXIMUM, ...writeLeb(least.value), ...writeLeb(Math.min(declared, mostPages))]
  return Buffer.from([MEMORY_SECTION, ...writeLeb(body.length), ...body])
}
