import { readFile } from 'node:fs/promises'
import { readArchive, writeArchive } from '@medsync/context/bundle'
import { inProject } from '../paths.ts'

/**
 * Our signed bundle with other code in it. No key is needed for it: rc.4 looks at the manifest's signature only, and takes it, under the same
 * application id.
 */
export async function hostileBundle(wasm: Uint8Array): Promise<Uint8Array> {
  const files = readArchive(await readFile(inProject('calimero-app', 'res', 'medsync.mpk')))
  return writeArchive(files.map((file) => (file.name === 'app.wasm' ? { ...file, bytes: wasm } : file)))
}
