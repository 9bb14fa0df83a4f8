import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import type { Progress } from '../progress.ts'
import { aptInstall, canAptInstall } from './aptInstall.ts'

const FILE = /^libclang(-\d+)?\.(so|dylib)(\.\d+)*$|^libclang\.dll$/

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
 * Finds libclang, or installs Debian's when that can be done without asking.
 * @returns What cargo needs in its environment to use it.
 * @throws {ChoreError} `toolchain/libclang` with how to get one.
 */
export async function ensureLibclang(told: Progress): Promise<Record<string, string>> {
  const found = findLibclang()
  if (found !== undefined) return { LIBCLANG_PATH: found }
  const hint = 'Install libclang (Debian: apt-get install libclang-14-dev; PyPI: libclang), or name its folder in LIBCLANG_PATH.'
  if (!canAptInstall()) throw new ChoreError('toolchain/libclang', 'Building a node needs libclang and there is none.', hint)
  const fault = await aptInstall(['libclang-14-dev'], told)
  const installed = findLibclang()
  if (installed === undefined) throw new ChoreError('toolchain/libclang', `apt could not install libclang-14-dev:\n${fault ?? ''}`, hint)
  return { LIBCLANG_PATH: installed }
}
