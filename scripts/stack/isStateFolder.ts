import { basename } from 'node:path'
import { stateFiles } from './stateFiles.ts'

/** Whether a folder with these entries is a state folder and nothing else, so that it may be deleted. */
export function isStateFolder(entries: readonly string[]): boolean {
  const { folder: _, ...files } = stateFiles('')
  const known = new Set([...Object.values(files).map((path) => basename(path)), 'database.in-use', 'lock.in-use', 'database.lock'])
  return entries.every((entry) => known.has(entry.replace(/\.part$/, '').replace(/^master\.key\..*$/, 'master.key')))
}
