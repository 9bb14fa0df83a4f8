import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { signBundle } from '@medsync/context/bundle'
import { z } from 'zod'
import { inProject } from '../paths.ts'
import type { CompiledApp } from './compileApp.ts'

/** Name of the app; with the signer it makes the id by which all nodes know it. */
const PACKAGE = 'org.medsync.context'

/** Makes the signed bundle (`.mpk`) of the app. */
export async function signApp(app: CompiledApp, key: KeyObject): Promise<Uint8Array> {
  const manifest = await readFile(inProject('calimero-app', 'logic', 'Cargo.toml'), 'utf8')
  const version = z.string().parse(/^version = "(.+)"$/m.exec(manifest)?.[1])
  const metadata = { name: 'MedSync private context', description: 'What only the hospitals of a circle may see', license: 'MIT' }
  return signBundle({ version, packageName: PACKAGE, metadata, ...app }, key)
}
