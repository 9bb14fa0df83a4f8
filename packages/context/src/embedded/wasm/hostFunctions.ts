import { UnsupportedAppError } from '../../engine/engineErrors.ts'
import { broken } from '../failure.ts'
import type { Transaction } from '../store/transaction.ts'
import type { GuestClock } from './guestClock.ts'
import type { GuestMemory } from './guestMemory.ts'
import { absentFunctions } from './hostFunctions/absent.ts'
import { orderedFunctions } from './hostFunctions/ordered.ts'
import { outcomeFunctions } from './hostFunctions/outcome.ts'
import { storageFunctions } from './hostFunctions/storage.ts'
import { surroundingFunctions } from './hostFunctions/surroundings.ts'
import type { Outcome } from './outcome.ts'
import type { Registers } from './registers.ts'

/** Everything one call may touch. The functions ask it anew each time, so one set of them serves call after call. */
export type CallScene = {
  /** The app's memory; there is none before the app was instantiated. */
  memory(): GuestMemory
  readonly registers: Registers
  readonly outcome: Outcome
  readonly shared: Transaction
  readonly private: Transaction
  readonly clock: GuestClock
  /** 32 bytes each, and the arguments as UTF-8; binary strings. */
  readonly contextId: string
  readonly executorId: string
  readonly input: string
}

/** A function of module `env`: pointers, lengths and registers are i64, answers of yes or no are i32. */
export type HostFunction = (...args: bigint[]) => number | bigint | undefined

/** A set of them for one call. */
export type HostFunctions = Readonly<Record<string, HostFunction>>

/**
 * The host functions of the rc.4 runtime that calimero-sdk can import, each as the runtime defines it. Those for guests in JavaScript
 * (`js_*`, and four that go with them) are not among them.
 * @source calimero-runtime 0.11.0-rc.4, src/logic/imports.rs and src/logic/host_functions.
 */
export function hostFunctions(scene: CallScene): HostFunctions {
  return {
    ...outcomeFunctions(scene),
    ...surroundingFunctions(scene),
    ...storageFunctions(scene),
    ...orderedFunctions(scene),
    ...absentFunctions(scene),
  }
}

/**
 * Makes sure that the app asks for nothing else.
 * @throws {UnsupportedAppError} Names what is missing.
 */
export function checkImports(module: WebAssembly.Module): void {
  const known = new Set(Object.keys(hostFunctions(noScene)))
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (from !== 'env' || kind !== 'function' || !known.has(name)) {
      throw new UnsupportedAppError(`its host should have a ${kind} ${from}.${name}`)
    }
  }
}

/** Stands where only the names of the functions matter. */
const noScene = new Proxy({} as CallScene, {
  get() {
    throw broken('a host function outside of a call')
  },
})
