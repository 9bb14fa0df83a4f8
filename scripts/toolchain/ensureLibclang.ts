import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import type { Progress } from '../progress.ts'
import { runCommand } from '../runCommand.ts'
import { aptInstall, canAptInstall } from './aptInstall.ts'

const FILE = /^libclang(-\d+)?\.(so|dylib)(\.\d+)*$|^libclang\.dll$/

/** The library as a Python package, for Linux on x86-64 where nothing may be installed in the system. */
const WHEEL = 'libclang==18.1.1 --hash=sha256:c533091d8a3bbf7460a00cb6c1a71da93bffe148f172c7d03b1c31fbf8aa2a0b'

/** Finds the folder with the library that reads C headers, which building RocksDB needs: LIBCLANG_PATH, then the usual places. */
export function findLibclang(explicit = process.env['LIBCLANG_PATH'], root = '/'): string | undefined {
  if (explicit !== undefined && explicit !== '') return explicit
  const llvm = join(root, 'usr', 'lib')
  const versions = existsSync(llvm) ? readdirSync(llvm).filter((name) => name.startsWith('llvm')) : []
  const places = [
    ...versions.sort().map((version) => join(llvm, version, 'lib')),
    ...['usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu', 'usr/lib64', 'usr/lib'].map((place) => join(root, place)),
    ...['opt/homebrew/opt/llvm/lib', 'Library/Developer/CommandLineTools/usr/lib'].map((place) => join(root, place)),
  ]
  return places.find((place) => existsSync(place) && readdirSync(place).some((name) => FILE.test(name)))
}

/**
 * Finds libclang; else installs Debian's when that can be done without asking, else takes the one of PyPI into the cache folder.
 * @returns What cargo needs in its environment to use it.
 * @throws {ChoreError} `toolchain/libclang` with how to get one.
 */
export async function ensureLibclang(folder: string, told: Progress): Promise<Record<string, string>> {
  const found = findLibclang()
  if (found !== undefined) return { LIBCLANG_PATH: found }
  const fault = canAptInstall() ? await aptInstall(['libclang-14-dev'], told) : 'apt is not here, or not for this user.'
  const installed = findLibclang()
  if (installed !== undefined) return { LIBCLANG_PATH: installed }
  told.note('libclang is not in the system; taking the one of PyPI (24 MB)')
  const taken = await takeFromPyPi(folder)
  if (typeof taken !== 'string') return taken
  throw new ChoreError(
    'toolchain/libclang',
    `Building a node needs libclang and there is none.\n${fault ?? ''}\n${taken}\n`,
    'Install it (Debian: apt-get install libclang-14-dev), or name its folder in LIBCLANG_PATH.',
  )
}

/** What cargo needs to use PyPI's libclang; or, as a text, why it cannot be had. */
export async function takeFromPyPi(folder: string): Promise<Record<string, string> | string> {
  const target = join(folder, 'libclang-18.1.1')
  if (!existsSync(target)) {
    await mkdir(folder, { recursive: true })
    const part = await mkdtemp(join(folder, 'libclang-'))
    try {
      await writeFile(join(part, 'requirements.txt'), `${WHEEL}\n`)
      const args = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:', '--require-hashes', '--target']
      const pip = await runCommand('python3', [...args, join(part, 'package'), '-r', join(part, 'requirements.txt')])
      if (pip.code !== 0) return pip.tail
      await rename(join(part, 'package'), target)
    } finally {
      await rm(part, { recursive: true, force: true })
    }
  }
  // The package has no headers of the compiler itself (stddef.h); those of the C compiler, which is needed anyway, do.
  const include = await runCommand('cc', ['-print-file-name=include'])
  if (include.code !== 0) return `there is no C compiler: ${include.tail}`
  return { LIBCLANG_PATH: join(target, 'clang', 'native'), BINDGEN_EXTRA_CLANG_ARGS: `-I${include.output.trim()}` }
}
