import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BundleError, readBundle } from '@medsync/context/bundle'
import { ChoreError } from '../choreError.ts'
import type { CompiledApp } from './compileApp.ts'

/**
 * Whether what is committed is what the sources give, and the bundle holds just that, signed.
 * @param folder - `calimero-app/res`
 * @returns One line that says so.
 * @throws {ChoreError} `context/stale` names each file that differs.
 */
export async function checkApp(app: CompiledApp, folder: string): Promise<string> {
  const read = async (name: string): Promise<Buffer> => await readFile(join(folder, name)).catch(() => Buffer.alloc(0))
  const stale: string[] = []
  if (!app.wasm.equals(await read('medsync.wasm'))) stale.push('medsync.wasm')
  if (!app.abi.equals(await read('abi.json'))) stale.push('abi.json')
  const signerId = signerOf(await read('medsync.mpk'), app)
  if (signerId === undefined) stale.push('medsync.mpk')
  if (stale.length === 0) return `calimero-app/res is exactly what calimero-app/logic gives; signed by ${signerId}.`
  throw new ChoreError(
    'context/stale',
    `calimero-app/res is not what calimero-app/logic gives: ${stale.join(', ')}.`,
    'Run `node calimero-app/build.ts --sign KEYFILE` and commit what it changes.',
  )
}

/** Who signed a bundle; undefined when it is not one of this app. */
export function signerOf(bundle: Uint8Array, app: CompiledApp): string | undefined {
  try {
    const { wasm, abi, signerId } = readBundle(bundle)
    return app.wasm.equals(wasm) && app.abi.equals(abi) ? signerId : undefined
  } catch (error) {
    if (error instanceof BundleError) return undefined
    throw error
  }
}
