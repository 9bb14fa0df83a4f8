import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { GeneratedFile } from './generatedFile.ts'

/** What a file in scripts/codegen exports when it makes committed files. */
type Generate = () => GeneratedFile[] | Promise<GeneratedFile[]>

/** Runs every generator in this folder (each file that exports `generate`) and gives all their files. */
export async function runGenerators(): Promise<GeneratedFile[]> {
  const files: GeneratedFile[] = []
  for (const name of (await readdir(import.meta.dirname)).sort()) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue
    const module: unknown = await import(pathToFileURL(join(import.meta.dirname, name)).href)
    if (hasGenerate(module)) files.push(...(await module.generate()))
  }
  return files
}

function hasGenerate(module: unknown): module is { generate: Generate } {
  return typeof module === 'object' && module !== null && 'generate' in module && typeof module.generate === 'function'
}
