import { existsSync } from 'node:fs'
import { chmod, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Progress } from '../progress.ts'
import { runCommand } from '../runCommand.ts'
import { sha256File } from './sha256File.ts'

/** An archive (xz) of one program for one kind of machine, known by its checksum: another file of that name is not used. */
export interface KnownArchive {
  name: string
  platform: string
  arch: string
  sha256: string
}

/** What is unpacked, and where it goes. */
export interface CachedArchive {
  known: readonly KnownArchive[]
  /** Folder the archives lie in. */
  folder: string
  /** Path of the program when all went well. */
  target: string
  told: Progress
  /** Whether the program unpacked runs here and is the one wanted. */
  isWanted(program: string): Promise<boolean>
  /** The machine; this one by default. */
  machine?: { platform: string; arch: string }
}

const UNPACK_WITH_PYTHON = 'import sys,lzma,shutil\nshutil.copyfileobj(lzma.open(sys.argv[1]),open(sys.argv[2],"wb"))'
const UNPACK_WITH_XZ = 'xz -dc "$1" >"$2"'

/** Unpacks the archive for this machine that lies in the cache folder; false when there is none that may be used. */
export async function unpackCachedArchive({ known, folder, target, told, isWanted, machine = process }: CachedArchive): Promise<boolean> {
  const fitting = known.find(({ platform, arch }) => platform === machine.platform && arch === machine.arch)
  if (fitting === undefined) return false
  const archive = join(folder, fitting.name)
  if (!existsSync(archive)) return false
  if ((await sha256File(archive)) !== fitting.sha256) {
    told.note(`${archive} does not have the checksum expected and is not used`)
    return false
  }
  told.update(`unpacking ${fitting.name}`)
  const part = `${target}.${process.pid}.part`
  try {
    const withPython = await runCommand('python3', ['-c', UNPACK_WITH_PYTHON, archive, part])
    const unpacked = withPython.code === 127 ? await runCommand('sh', ['-c', UNPACK_WITH_XZ, 'sh', archive, part]) : withPython
    if (unpacked.code !== 0) {
      told.note(`could not unpack ${fitting.name}: ${unpacked.tail}`)
      return false
    }
    await chmod(part, 0o755)
    if (!(await isWanted(part))) return false
    await rename(part, target)
    return true
  } finally {
    await rm(part, { force: true })
  }
}
