import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import { cacheFolder } from '../paths.ts'
import type { Progress } from '../progress.ts'
import { buildNode } from './buildNode.ts'
import { findOnPath } from './findOnPath.ts'
import { NODE_VERSION, nodeVersion } from './nodeVersion.ts'
import { unpackCachedArchive } from './unpackCachedArchive.ts'

/** A program and where it was found. */
export interface FoundNode {
  path: string
  from: 'MEDSYNC_NODE' | 'PATH' | 'cache'
}

/** What decides where a node's program is looked for; tests set it, everyone else takes it from the environment. */
export interface NodePlaces {
  /** A path that was named and is not second-guessed. */
  explicit?: string | undefined
  path?: string | undefined
  /** Folder that archives and builds are put in. */
  folder: string
}

const KNOWN_ARCHIVES = [
  {
    name: `calimero-node-${NODE_VERSION}-x86_64-linux.xz`,
    platform: 'linux',
    arch: 'x64',
    sha256: 'cca9904034666daaad02e57df3e1b5e022a6e158632e130b75d2b7196d44c78c',
  },
]

/** The places that the environment names. */
export function nodePlaces(): NodePlaces {
  return { explicit: process.env['MEDSYNC_NODE'], path: process.env['PATH'], folder: cacheFolder('toolchain') }
}

/**
 * Finds a Calimero node of the right version without building anything: the path named, `calimero-node` on PATH, the cache folder (a program,
 * or the archive of one). Calimero's own `merod` is passed over: it cannot encrypt what it stores without a key server.
 * @throws {ChoreError} `toolchain/version` when the path that was named is not that version: it is never silently passed over.
 */
export async function findNode(told?: Progress, places = nodePlaces()): Promise<FoundNode | undefined> {
  if (places.explicit !== undefined && places.explicit !== '') return { path: await rightNode(places.explicit), from: 'MEDSYNC_NODE' }
  const onPath = findOnPath(['calimero-node'], places.path)
  if (onPath !== undefined && (await isRight(onPath))) return { path: onPath, from: 'PATH' }
  const cached = cachedNode(places.folder)
  if (existsSync(cached) && (await isRight(cached))) return { path: cached, from: 'cache' }
  const archive = { known: KNOWN_ARCHIVES, folder: places.folder, target: cached, told: told ?? nobody, isWanted: isRight }
  return (await unpackCachedArchive(archive)) ? { path: cached, from: 'cache' } : undefined
}

/**
 * Finds a Calimero node of the right version, else builds one with cargo into the cache folder.
 * @returns Path of the program.
 */
export async function ensureNode(told: Progress, places = nodePlaces()): Promise<string> {
  const found = await findNode(told, places)
  if (found !== undefined) return found.path
  return await buildNode(places.folder, cachedNode(places.folder), told)
}

/** Where the program lies in the cache folder. */
export function cachedNode(folder: string): string {
  return join(folder, `calimero-node-${NODE_VERSION}${process.platform === 'win32' ? '.exe' : ''}`)
}

async function rightNode(explicit: string): Promise<string> {
  const version = await nodeVersion(explicit)
  if (version === NODE_VERSION) return explicit
  throw new ChoreError(
    'toolchain/version',
    `MEDSYNC_NODE names ${explicit}, which is ${version === undefined ? 'no node of MedSync that runs here' : `version ${version}`}.`,
    `Name a calimero-node ${NODE_VERSION}, or unset MEDSYNC_NODE to have one built (\`npm run node:build\`).`,
  )
}

async function isRight(program: string): Promise<boolean> {
  return (await nodeVersion(program)) === NODE_VERSION
}

const nobody: Progress = { update: () => undefined, note: () => undefined, done: () => undefined, failed: () => undefined }
