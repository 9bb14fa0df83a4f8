import { UnsupportedAppError } from '../engine/engineErrors.ts'
import { RUNTIME_LIMITS } from './limits.ts'
import { checkImports } from './wasm/hostFunctions.ts'
import { limitMemory } from './wasm/limitMemory.ts'
import { hasOnlyStackPointer } from './wasm/mutableGlobals.ts'

/** An app that can run here. */
export type CompiledApp = {
  readonly module: WebAssembly.Module
  /** Whether an instance may serve call after call. */
  readonly isReusable: boolean
  /** Names that callers may use; `init` and the runtime's own are not among them. */
  readonly methods: ReadonlySet<string>
}

/**
 * Compiles the app once, for all calls, with the runtime's limit of memory.
 * @throws {UnsupportedAppError} It is no WASM, too large, or wants a host that the runtime is not.
 */
export async function compileApp(wasm: Uint8Array): Promise<CompiledApp> {
  if (wasm.length > RUNTIME_LIMITS.moduleBytes) throw new UnsupportedAppError(`larger than ${RUNTIME_LIMITS.moduleBytes} bytes`)
  const module = await compile(limitMemory(wasm, RUNTIME_LIMITS.memoryPages))
  checkImports(module)
  const functions = WebAssembly.Module.exports(module).filter(({ kind }) => kind === 'function')
  const names = functions.map(({ name }) => name).filter((name) => name !== 'init' && !name.startsWith('__'))
  return { module, isReusable: hasOnlyStackPointer(wasm), methods: new Set(names) }
}

async function compile(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes)
  } catch (cause) {
    throw new UnsupportedAppError('it is no WASM', { cause })
  }
}
