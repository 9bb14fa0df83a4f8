import { broken, CallFailure } from '../failure.ts'
import type { Transaction } from '../store/transaction.ts'
import type { GuestClock } from './guestClock.ts'
import { GuestMemory } from './guestMemory.ts'
import { type CallScene, hostFunctions } from './hostFunctions.ts'
import type { Outcome } from './outcome.ts'
import { Registers } from './registers.ts'

/** Export that teaches the app how its types merge; the runtime calls it before each method. */
const REGISTER_MERGE = '__calimero_register_merge'
/** Memory cannot shrink, and each call asks for new pages: an instance that grew by more is not kept. */
const MOST_GROWN_BYTES = 4 * 1_048_576

/** One call, as the app will see it. */
export type MethodCall = {
  readonly method: string
  /** Arguments as UTF-8, and 32 bytes each; binary strings. */
  readonly input: string
  readonly contextId: string
  readonly executorId: string
  readonly shared: Transaction
  readonly private: Transaction
  readonly clock: GuestClock
}

/**
 * An instance of the app, ready for one call. After a call that returned, `putBack` makes it as it was before: its memory byte for byte,
 * with zeros in what has grown. That is a fresh instance at a fifth of the cost (measured), provided that the app keeps nothing outside
 * of its memory (`hasOnlyStackPointer`) and that nothing of the surroundings went into making it. After a trap it is thrown away.
 */
export class AppInstance {
  readonly #exports: WebAssembly.Exports
  readonly #memory: WebAssembly.Memory
  readonly #guest: GuestMemory
  readonly #image: Uint8Array | undefined
  /** From here on memory was made by the call in hand. */
  #cleanFromBytes = 0
  #call: (MethodCall & { readonly outcome: Outcome; readonly registers: Registers }) | undefined

  constructor(module: WebAssembly.Module) {
    let hostCalls = 0
    const call = () => {
      hostCalls += 1
      if (this.#call === undefined) throw broken('a host function before the call')
      return this.#call
    }
    const scene: CallScene = {
      memory: () => this.#guest,
      get registers() {
        return call().registers
      },
      get outcome() {
        return call().outcome
      },
      get shared() {
        return call().shared
      },
      get private() {
        return call().private
      },
      get clock() {
        return call().clock
      },
      get contextId() {
        return call().contextId
      },
      get executorId() {
        return call().executorId
      },
      get input() {
        return call().input
      },
    }
    this.#exports = new WebAssembly.Instance(module, { env: hostFunctions(scene) }).exports
    const memory = this.#exports['memory']
    if (!(memory instanceof WebAssembly.Memory)) throw broken('the app has no memory')
    this.#memory = memory
    this.#guest = new GuestMemory(memory)
    const registerMerge = this.#exports[REGISTER_MERGE]
    if (typeof registerMerge === 'function') registerMerge()
    this.#image = hostCalls === 0 ? new Uint8Array(memory.buffer.slice(0)) : undefined
  }

  /** Runs a method. */
  run(call: MethodCall): Outcome {
    const method = this.#exports[call.method]
    if (!isMethod(call.method, method)) throw new CallFailure({ is: 'method-unknown' })
    const outcome: Outcome = { returned: undefined, root: undefined, artifact: '', events: [], logLines: 0 }
    this.#call = { ...call, outcome, registers: new Registers() }
    method()
    this.#call = undefined
    return outcome
  }

  /** Whether calls before this one left it less memory to grow into. */
  get hasGrown(): boolean {
    return this.#image !== undefined && this.#cleanFromBytes > this.#image.length
  }

  /** @returns Whether it can be used again. */
  putBack(): boolean {
    const image = this.#image
    const bytes = new Uint8Array(this.#memory.buffer)
    if (image === undefined || bytes.length - image.length > MOST_GROWN_BYTES) return false
    bytes.set(image)
    // What an earlier call's pages were is zero already, and no later call knows of them.
    bytes.fill(0, Math.max(image.length, this.#cleanFromBytes))
    this.#cleanFromBytes = bytes.length
    return true
  }
}

/** Names that begin with two underscores are the runtime's own. */
function isMethod(name: string, value: WebAssembly.ExportValue | undefined): value is () => void {
  return /^[A-Za-z0-9_]+$/.test(name) && !name.startsWith('__') && typeof value === 'function' && value.length === 0
}
