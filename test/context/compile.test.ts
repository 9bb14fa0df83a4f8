import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileApp } from '../../packages/context/src/embedded/compileApp.ts'
import { limitMemory } from '../../packages/context/src/embedded/wasm/limitMemory.ts'
import { hasOnlyStackPointer } from '../../packages/context/src/embedded/wasm/mutableGlobals.ts'
import { assemble } from './assemble.ts'
import { roughApp } from './roughApp.ts'

const MEMORY_SECTION_BYTES = 2
/** Exports that calimero-sdk adds to every app with entries of authors; a node lets callers use them, too. */
const OF_THE_SDK = ['count_my_pending', 'migrate_my_entries']

test('the limit of memory is written into the module, and nothing else of it changes', async () => {
  const wasm = roughApp()
  const limited = limitMemory(wasm, 300)
  expect(limited.length).toBe(wasm.length + MEMORY_SECTION_BYTES)
  const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(limited), { env: everything() })
  const { memory } = exports
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('no memory')
  expect(memory.grow(100)).toBe(200)
  expect(() => memory.grow(1)).toThrow(RangeError)
})

test('a module that has a lower limit of its own keeps it', async () => {
  const once = limitMemory(roughApp(), 250)
  const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(limitMemory(once, 1_024)), { env: everything() })
  const { memory } = exports
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('no memory')
  expect(() => memory.grow(51)).toThrow(RangeError)
})

test('error: a module without memory, or with one that begins too large, is refused', () => {
  const noMemory = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
  expect(() => limitMemory(noMemory, 10)).toThrow('it has no memory of its own')
  expect(() => limitMemory(roughApp({ pages: 11 }), 10)).toThrow('it wants 11 pages of memory, at most 10')
})

test('an app that keeps something outside of its memory gets a fresh instance for each call', () => {
  expect(hasOnlyStackPointer(roughApp())).toBe(true)
  expect(hasOnlyStackPointer(withGlobals([1]))).toBe(true)
  expect(hasOnlyStackPointer(withGlobals([1, 0, 0]))).toBe(true)
  expect(hasOnlyStackPointer(withGlobals([1, 1]))).toBe(false)
})

test("MedSync's app runs here: known host functions, instances that serve again, and its methods", async () => {
  const app = await compileApp(await readFile(join(import.meta.dirname, '..', '..', 'calimero-app', 'res', 'medsync.wasm')))
  expect(app.isReusable).toBe(true)
  const { methods } = JSON.parse(await readFile(join(import.meta.dirname, '..', '..', 'calimero-app', 'res', 'abi.json'), 'utf8'))
  const names = methods.map(({ name }: { name: string }) => name).filter((name: string) => name !== 'init')
  expect([...app.methods].sort()).toEqual([...names, ...OF_THE_SDK].sort())
})

function everything(): Record<string, () => number> {
  return new Proxy({}, { get: () => () => 0 })
}

/** A module with these globals: 1 for a variable, 0 for a constant. */
function withGlobals(kinds: readonly number[]): Uint8Array {
  const plain = assemble({ imports: [], functions: {}, pages: 1, data: [] })
  const body = [kinds.length, ...kinds.flatMap((kind) => [0x7f, kind, 0x41, 0, 0x0b])]
  const memoryEnd = 8 + [1, 2, 3, 5].reduce((sum, id) => sum + sectionBytes(plain, id), 0)
  return new Uint8Array([...plain.subarray(0, memoryEnd), 6, body.length, ...body, ...plain.subarray(memoryEnd)])
}

function sectionBytes(wasm: Uint8Array, wanted: number): number {
  for (let at = 8; at < wasm.length; ) {
    const size = (wasm[at + 1] ?? 0) + 2
    if (wasm[at] === wanted) return size
    at += size
  }
  return 0
}
