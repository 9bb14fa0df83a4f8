import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { inProject } from '../paths.ts'
import type { GeneratedFile } from './generatedFile.ts'

/** Writes what differs from the tree; returns the paths written. */
export async function writeGenerated(files: readonly GeneratedFile[], root = inProject()): Promise<string[]> {
  const stale = new Set(findStale(files, root))
  const written = files.filter(({ path }) => stale.has(path))
  for (const { path, text } of written) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return written.map(({ path }) => path)
}

/** Names every file that differs from the tree, byte for byte, or is not there. */
export function findStale(files: readonly GeneratedFile[], root = inProject()): string[] {
  return files
    .filter(({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
    .map(({ path }) => path)
}

/** Names the files in `folder` that no generator made, for example those of a contract that was taken out. */
export async function findOrphans(files: readonly GeneratedFile[], folder: string, root = inProject()): Promise<string[]> {
  const made = new Set(files.map(({ path }) => path))
  const there = existsSync(join(root, folder)) ? await readdir(join(root, folder)) : []
  return there.map((name) => `${folder}/${name}`).filter((path) => !made.has(path))
}

/** Takes the orphans away; returns their paths. */
export async function removeOrphans(files: readonly GeneratedFile[], folder: string, root = inProject()): Promise<string[]> {
  const orphans = await findOrphans(files, folder, root)
  for (const path of orphans) await rm(join(root, path))
  return orphans
}
