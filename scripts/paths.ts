import { join, resolve } from 'node:path'

/** The project's own folder. */
export const projectRoot = resolve(import.meta.dirname, '..')

/** A path inside the project. */
export function inProject(...parts: string[]): string {
  return join(projectRoot, ...parts)
}

/** Where things that can be made again are kept: `.cache`, or the folder that MEDSYNC_CACHE names. */
export function cacheFolder(...parts: string[]): string {
  return join(resolve(projectRoot, process.env['MEDSYNC_CACHE'] ?? '.cache'), ...parts)
}

/** Where `npm start` keeps what must not be lost: `.medsync`, or the folder that MEDSYNC_STATE names. */
export function stateFolder(...parts: string[]): string {
  return join(resolve(projectRoot, process.env['MEDSYNC_STATE'] ?? '.medsync'), ...parts)
}
