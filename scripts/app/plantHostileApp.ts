import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import { inProject } from '../paths.ts'
import { hostileBundle } from './hostileBundle.ts'

/** Into pieces of this size a node cuts what it keeps. */
const CHUNK_BYTES = 1_048_576

/**
 * Puts hostile code in the place of the app on a node that is stopped, as whoever owns the disk can: the node runs it from its next start on,
 * believing it to be ours. (A node that *installed* another bundle than the circle's never gets the circle's state.)
 * @param home - The node's folder; it has joined a circle with `calimero-app/res/medsync.mpk`.
 * @param wasm - From `hostileApp`.
 * @throws {ChoreError} `context/not-planted` when the folder does not hold our bundle.
 */
export async function plantHostileApp(home: string, wasm: Uint8Array): Promise<void> {
  const ours = await readFile(inProject('calimero-app', 'res', 'medsync.mpk'))
  const theirs = await hostileBundle(wasm)
  const folder = join(home, 'blobs')
  let planted = 0
  for (const name of await readdir(folder)) {
    const chunk = await readFile(join(folder, name))
    const at = ours.indexOf(chunk)
    if (at === -1 || at % CHUNK_BYTES !== 0) continue
    const isLast = at + chunk.length === ours.length
    const instead = theirs.subarray(at, isLast ? theirs.length : at + chunk.length)
    await writeFile(join(folder, name), instead)
    planted += instead.length
  }
  if (planted !== theirs.length)
    throw new ChoreError(
      'context/not-planted',
      'The node does not hold our bundle as it is in calimero-app/res.',
      'Install that one first.',
    )
}
