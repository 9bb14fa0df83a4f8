import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Writes these files, path to text, below a folder; returns the folder. */
export function writeFiles(folder: string, files: Record<string, string>, mode = 0o644): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text, { mode })
  }
  return folder
}
