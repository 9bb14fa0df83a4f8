import { readLeb } from './leb.ts'

const HEADER_BYTES = 8
const IMPORT_SECTION = 2
const GLOBAL_SECTION = 6
/** `i32.const`: how rustc's stack pointer begins. */
const I32 = 0x7f
const I32_CONST = 0x41
const END = 0x0b
const IS_MUTABLE = 1

/**
 * Whether all that a call can change in an instance of the module, besides its memory, is the stack pointer: one variable, which a call
 * that returns leaves as it found it. So it is with what rustc makes.
 */
export function hasOnlyStackPointer(wasm: Uint8Array): boolean {
  for (let at = HEADER_BYTES; at < wasm.length; ) {
    const id = wasm[at]
    const size = readLeb(wasm, at + 1)
    const body = wasm.subarray(size.next, size.next + size.value)
    if (id === IMPORT_SECTION && importsOtherThanFunctions(body)) return false
    if (id === GLOBAL_SECTION) return countMutable(body) <= 1
    at = size.next + size.value
  }
  return true
}

function importsOtherThanFunctions(body: Uint8Array): boolean {
  const count = readLeb(body, 0)
  let at = count.next
  for (let index = 0; index < count.value; index += 1) {
    for (let name = 0; name < 2; name += 1) {
      const length = readLeb(body, at)
      at = length.next + length.value
    }
    if (body[at] !== 0) return true
    at = readLeb(body, at + 1).next
  }
  return false
}

/** Variables among the globals; any global of a form that rustc does not make counts as one too many. */
function countMutable(body: Uint8Array): number {
  const count = readLeb(body, 0)
  let at = count.next
  let mutable = 0
  for (let index = 0; index < count.value; index += 1) {
    if (body[at] !== I32 || body[at + 2] !== I32_CONST) return Number.POSITIVE_INFINITY
    if (body[at + 1] === IS_MUTABLE) mutable += 1
    at = readLeb(body, at + 3).next
    if (body[at] !== END) return Number.POSITIVE_INFINITY
    at += 1
  }
  return mutable
}
