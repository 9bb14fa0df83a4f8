import type { Progress } from '../progress.ts'
import { DEVNET_VERSION, devnetVersion } from './devnetVersion.ts'
import { unpackCachedArchive } from './unpackCachedArchive.ts'

const KNOWN_ARCHIVES = [
  {
    name: `starknet-devnet-${DEVNET_VERSION}-x86_64-linux.xz`,
    platform: 'linux',
    arch: 'x64',
    sha256: 'c6c07d821a4be8f3105fe0fb4675d70aa542e7bc0cb1f72284f35ae2dda8086f',
  },
]

/** Unpacks an archive of the node that lies in the cache folder; false when there is none that may be used. */
export async function unpackCachedDevnet(
  folder: string,
  target: string,
  told: Progress,
  machine: { platform: string; arch: string } = process,
): Promise<boolean> {
  const isWanted = async (program: string): Promise<boolean> => (await devnetVersion(program)) === DEVNET_VERSION
  return await unpackCachedArchive({ known: KNOWN_ARCHIVES, folder, target, told, isWanted, machine })
}
