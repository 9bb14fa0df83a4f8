import { broken, overLimit } from '../failure.ts'
import { RUNTIME_LIMITS } from '../limits.ts'

/** What the runtime counts for a register besides its bytes. */
const REGISTER_OVERHEAD_BYTES = 8

/** Where host functions leave what the app then fetches; binary strings. */
export class Registers {
  readonly #values = new Map<bigint, string>()
  #usedBytes = 0

  /** The value of a register, undefined when it was never set. */
  get(id: bigint): string | undefined {
    return this.#values.get(id)
  }

  /** Sets a register; what was in it is gone. */
  set(id: bigint, value: string): void {
    if (value.length > RUNTIME_LIMITS.registerBytes) throw overLimit('register', RUNTIME_LIMITS.registerBytes)
    const before = this.#values.get(id)
    if (before === undefined && this.#values.size >= RUNTIME_LIMITS.registers) throw overLimit('registers', RUNTIME_LIMITS.registers)
    const freed = before === undefined ? 0 : before.length + REGISTER_OVERHEAD_BYTES
    this.#usedBytes += value.length + REGISTER_OVERHEAD_BYTES - freed
    if (this.#usedBytes > RUNTIME_LIMITS.registersBytes) throw overLimit('all registers', RUNTIME_LIMITS.registersBytes)
    this.#values.set(id, value)
  }

  /** Copies a register out; the room must fit exactly. */
  copy(id: bigint, room: Buffer): boolean {
    const value = this.#values.get(id)
    if (value === undefined) throw broken('a register that was never set')
    if (value.length !== room.length) return false
    room.write(value, 'latin1')
    return true
  }
}
