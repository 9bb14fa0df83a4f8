import { existsSync } from 'node:fs'
import { chmod, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Progress } from '../progress.ts'
import { runCommand } from '../runCommand.ts'
import { DEVNET_VERSION, devnetVersion } from './devnetVersion.ts'
import { sha256File } from './sha256File.ts'

/** Archives that may lie in the cache folder, each known by its checksum: another file of that name is not used. */
const KNOWN_ARCHIVES = [
  {
    name: `starknet-devnet-${DEVNET_VERSION}-x86_64-linux.xz`,
    platform: 'linux',
    arch: 'x64',
    sha256: 'c6c07d821a4be8f3105fe0fb4675d70aa542e7bc0cb1f72284f35ae2dda8086f',
  },
]

const UNPACK_WITH_PYTHON = 'import sys,lzma,shutil\nshutil.copyfileobj(lzma.open(sys.argv[1]),open(sys.argv[2],"wb"))'

/** Unpacks an archive of the node that lies in the cache folder; false when there is none that may be used. */
export async function unpackCachedDevnet(
  folder: string,
  target: string,
  told: Progress,
  machine: { platform: string; arch: string } = process,
): Promise<boolean> {
  const known = KNOWN_ARCHIVES.find(({ platform, arch }) => platform === machine.platform && arch === machine.arch)
  if (known === undefined) return false
  const archive = join(folder, known.name)
  if (!existsSync(archive)) return false
  if ((await sha256File(archive)) !== known.sha256) {
    told.note(`${archive} does not have the checksum expected and is not used`)
    return false
  }
  told.update(`unpacking ${known.name}`)
  const part = `${target}.${process.pid}.part`
  try {
    const unpacked = await runCommand('python3', ['-c', UNPACK_WITH_PYTHON, archive, part])
    if (unpacked.code !== 0) {
      told.note(`could not unpack ${known.name}: ${unpacked.tail}`)
      return false
    }
    await chmod(part, 0o755)
    if ((await devnetVersion(part)) !== DEVNET_VERSION) return false
    await rename(part, target)
    return true
  } finally {
    await rm(part, { force: true })
  }
}
