import { createSecretKey, type KeyObject } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { StoreKeyError } from '../engine/engineErrors.ts'
import { compileApp } from './compileApp.ts'
import { STORE_KEY_BYTES } from './disk/storeKey.ts'
import { EmbeddedEngine } from './embeddedEngine.ts'
import { lockFolder } from './folderLock.ts'
import { TIME_LIMIT_MS } from './limits.ts'
import type { EngineLogLine } from './wire.ts'

/** How an embedded engine is opened. */
export type EmbeddedOptions = {
  /** Where everything is kept; made where there is none. It holds the members' private keys and private stores: keep it to one user. */
  readonly folder: string
  /** The app. */
  readonly wasm: Uint8Array
  /** Names of members to make sure of: lower-case letters, digits and dashes. Those already in the folder are there anyway. */
  readonly members: readonly string[]
  /**
   * 32 random bytes: with it all contents on disk are AES-256-GCM. A folder without a key is sealed at once when it is opened with one;
   * a sealed folder opens with its own key only, so keep the key, and keep it elsewhere.
   */
  readonly storeKey?: Uint8Array
  /** Time on a core that one call may take; 2 s unless said. */
  readonly timeLimitMs?: number
  /** The files may take so much together; past it a call fails as with a full disk. */
  readonly sizeLimitBytes?: number
  /** Takes one line per call: names and counts, never contents. */
  readonly onLog?: (line: EngineLogLine) => void
}

/**
 * Opens the private context on this machine: the same WASM as on a Calimero node, one shared store, one identity and private store for
 * each member. It opens no port and reaches no network. It is no Calimero node: one process holds what nodes would hold apart, and
 * nothing is merged, since there is one copy.
 *
 * A call that was answered outlives a kill and a loss of power (fdatasync before the answer); one that was not has happened
 * wholly or not at all.
 * @throws {StorageError} `in-use`, `damaged` (also with another store key), `full` or `failed`.
 * @throws {StoreKeyError} It has not 32 bytes.
 * @throws {UnsupportedAppError}
 * @example
 * const engine = await openEmbeddedEngine({ folder: 'state/context', wasm: await readFile('calimero-app/res/medsync.wasm'), members: ['mercy'] })
 * await engine.initialise('mercy', { admin_organisation: '0x1', kind: 'hospital' })
 */
export async function openEmbeddedEngine(options: EmbeddedOptions): Promise<EmbeddedEngine> {
  const storeKey = options.storeKey === undefined ? undefined : keyObject(options.storeKey)
  const app = await compileApp(options.wasm)
  mkdirSync(options.folder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(options.folder)
  try {
    return await EmbeddedEngine.start({
      app,
      folder: options.folder,
      members: options.members,
      storeKey,
      timeLimitMs: options.timeLimitMs ?? TIME_LIMIT_MS,
      sizeLimitBytes: options.sizeLimitBytes ?? Number.POSITIVE_INFINITY,
      log: options.onLog ?? (() => undefined),
      unlock,
    })
  } catch (cause) {
    unlock()
    throw cause
  }
}

function keyObject(storeKey: Uint8Array): KeyObject {
  if (storeKey.length !== STORE_KEY_BYTES) throw new StoreKeyError(storeKey.length)
  return createSecretKey(storeKey)
}
