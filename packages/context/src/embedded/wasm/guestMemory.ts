import { isUtf8 } from 'node:buffer'
import { broken } from '../failure.ts'

/** Where bytes of the app stand. */
export type Span = { readonly start: number; readonly length: number }

/**
 * The app's memory, as host functions see it. Pointers point at descriptors: a buffer is `{u64 address, u64 length}`.
 * Bytes are handed on as binary strings (one character a byte): they cannot be changed behind one's back, and are good keys.
 */
export class GuestMemory {
  readonly #memory: WebAssembly.Memory
  #bytes: Buffer

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory
    this.#bytes = Buffer.from(memory.buffer)
  }

  /** Reads a buffer's descriptor. */
  span(pointer: bigint, offset = 0): Span {
    const at = Number(pointer) + offset
    const start = this.#size(at)
    const length = this.#size(at + 8)
    if (start + length > this.#current().length) throw broken('invalid memory access')
    return { start, length }
  }

  /** A number of 32 bits. */
  u32(pointer: bigint, offset: number): number {
    const at = Number(pointer) + offset
    const bytes = this.#current()
    if (at + 4 > bytes.length) throw broken('invalid memory access')
    return bytes.readUInt32LE(at)
  }

  /** The bytes of a span as a binary string. */
  binary({ start, length }: Span): string {
    return this.#current().toString('latin1', start, start + length)
  }

  /** The text of a span. */
  text({ start, length }: Span): string {
    const bytes = this.#current().subarray(start, start + length)
    if (!isUtf8(bytes)) throw broken('text that is not UTF-8')
    return bytes.toString('utf8')
  }

  /** The bytes themselves, to be written to at once: they move when the memory grows. */
  view({ start, length }: Span): Buffer {
    return this.#current().subarray(start, start + length)
  }

  #size(at: number): number {
    const bytes = this.#current()
    if (at + 8 > bytes.length || bytes.readUInt32LE(at + 4) !== 0) throw broken('invalid memory access')
    return bytes.readUInt32LE(at)
  }

  #current(): Buffer {
    // Growing takes the old bytes away; to ask for `memory.buffer` each time is slow.
    if (this.#bytes.length === 0) this.#bytes = Buffer.from(this.#memory.buffer)
    return this.#bytes
  }
}
