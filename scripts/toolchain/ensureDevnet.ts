import { existsSync } from 'node:fs'
import { ChoreError } from '../choreError.ts'
import { cacheFolder } from '../paths.ts'
import type { Progress } from '../progress.ts'
import { buildDevnet } from './buildDevnet.ts'
import { DEVNET_VERSION, devnetVersion } from './devnetVersion.ts'
import { downloadRelease } from './downloadRelease.ts'
import { findOnPath } from './findOnPath.ts'
import { unpackCachedDevnet } from './unpackCachedDevnet.ts'

/** A program and where it was found. */
export interface FoundDevnet {
  path: string
  from: 'MEDSYNC_DEVNET' | 'PATH' | 'cache'
}

/** What decides where starknet-devnet is looked for; tests set it, everyone else takes it from the environment. */
export interface DevnetPlaces {
  /** A path that was named and is not second-guessed. */
  explicit?: string | undefined
  path?: string | undefined
  /** Folder that releases and builds are put in. */
  folder: string
  /** Address below which the official release lies. */
  releases: string
}

const OFFICIAL_RELEASES = 'https://github.com/0xSpaceShard/starknet-devnet/releases/download'

/** The places that the environment names. */
export function devnetPlaces(): DevnetPlaces {
  return {
    explicit: process.env['MEDSYNC_DEVNET'],
    path: process.env['PATH'],
    folder: cacheFolder('toolchain'),
    releases: process.env['MEDSYNC_DEVNET_RELEASES'] ?? OFFICIAL_RELEASES,
  }
}

/**
 * Finds a starknet-devnet of the right version without installing anything, in this order: the path named, PATH, the cache folder.
 * @throws {ChoreError} `toolchain/version` when the path that was named is not that version: it is never silently passed over.
 */
export async function findDevnet(places = devnetPlaces()): Promise<FoundDevnet | undefined> {
  if (places.explicit !== undefined && places.explicit !== '') {
    const version = await devnetVersion(places.explicit)
    if (version === DEVNET_VERSION) return { path: places.explicit, from: 'MEDSYNC_DEVNET' }
    throw new ChoreError(
      'toolchain/version',
      `MEDSYNC_DEVNET names ${places.explicit}, which is ${version === undefined ? 'no starknet-devnet that runs here' : `version ${version}`}.`,
      `Name a starknet-devnet ${DEVNET_VERSION}, or unset MEDSYNC_DEVNET to have one installed.`,
    )
  }
  const onPath = findOnPath(['starknet-devnet'], places.path)
  if (onPath !== undefined && (await devnetVersion(onPath)) === DEVNET_VERSION) return { path: onPath, from: 'PATH' }
  const cached = cachedDevnet(places.folder)
  if (existsSync(cached) && (await devnetVersion(cached)) === DEVNET_VERSION) return { path: cached, from: 'cache' }
  return undefined
}

/**
 * Finds a starknet-devnet of the right version or installs one into the cache folder: from an archive already there, else the official
 * release with the checksum published beside it, else with cargo.
 * @returns Path of the program.
 */
export async function ensureDevnet(told: Progress, places = devnetPlaces()): Promise<string> {
  const found = await findDevnet(places)
  if (found !== undefined) return found.path
  const target = cachedDevnet(places.folder)
  if (await unpackCachedDevnet(places.folder, target, told)) return target
  if (await downloadRelease({ releases: places.releases, version: DEVNET_VERSION, folder: places.folder, target, told })) return target
  await buildDevnet(places.folder, target, told)
  return target
}

function cachedDevnet(folder: string): string {
  return `${folder}/starknet-devnet-${DEVNET_VERSION}${process.platform === 'win32' ? '.exe' : ''}`
}
