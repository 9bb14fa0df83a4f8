import { readFile } from 'node:fs/promises'
import { appModule } from '../app/appModule.ts'
import { manifestSchema } from '../app/manifest.ts'
import { inProject } from '../paths.ts'
import type { GeneratedFile } from './generatedFile.ts'

/** Writes what the private context's app takes and answers, for TypeScript, from its ABI and the words of its source. */
export async function generate(): Promise<GeneratedFile[]> {
  const abi: unknown = JSON.parse(await readFile(inProject('calimero-app', 'res', 'abi.json'), 'utf8'))
  const source = await readFile(inProject('calimero-app', 'logic', 'src', 'lib.rs'), 'utf8')
  return [{ path: 'packages/context/src/generated/appMethods.ts', text: appModule(manifestSchema.parse(abi), source) }]
}
