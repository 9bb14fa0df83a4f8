import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import { cacheFolder, inProject } from '../paths.ts'
import { runCommand } from '../runCommand.ts'

/** Version of the npm package that compiles; part of the cache key. */
const COMPILER = 'wasm-cairo-0.10.2'
const WORKER = inProject('scripts', 'cairo', 'compileWorker.ts')

/**
 * Compiles one inlined source with the WASM compiler, in a process of its own.
 * @param options.cached - Take the result of an earlier run over exactly this source with this compiler; CI's check does not.
 * @returns The Sierra class as the compiler wrote it, JSON text.
 * @throws {ChoreError} `cairo/compile`; the compiler itself gives no reason.
 */
export async function compileContract(contract: string, source: string, options: { cached: boolean }): Promise<string> {
  const key = createHash('sha256').update(`${COMPILER}\n${contract}\n${source}`).digest('hex')
  const kept = cacheFolder('cairo', `${key}.json`)
  if (options.cached && existsSync(kept)) return await readFile(kept, 'utf8')
  const folder = await mkdtemp(join(tmpdir(), 'medsync-cairo-'))
  try {
    const sourcePath = join(folder, `${contract}.cairo`)
    const sierraPath = join(folder, `${contract}.sierra.json`)
    await writeFile(sourcePath, source)
    const { code, tail } = await runCommand(process.execPath, [WORKER, sourcePath, sierraPath])
    const sierra = code === 0 ? await readFile(sierraPath, 'utf8') : tail
    if (!sierra.startsWith('{')) {
      throw new ChoreError(
        'cairo/compile',
        `${contract} does not compile: ${sierra.slice(0, 2000)}`,
        'The WASM compiler (Cairo 2.8.2) says no more. For the reason run `scarb build`, or set CAIRO_COMPILER to a native starknet-compile.',
      )
    }
    if (options.cached) {
      await mkdir(cacheFolder('cairo'), { recursive: true })
      await copyFile(sierraPath, `${kept}.${process.pid}`)
      await rename(`${kept}.${process.pid}`, kept)
    }
    return sierra
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
