import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder } from '../paths.ts'
import { canInstallRust, WASM_TARGET } from '../toolchain/ensureRust.ts'
import { APP_LOGIC } from './appCargo.ts'
import { compileApp } from './compileApp.ts'

/**
 * The app with methods that forge (`calimero-app/logic/src/hostile`), for tests of what peers refuse. Compiled once for its sources, 20 s.
 * @returns The path of the WebAssembly; undefined where it was not compiled before and Rust is neither here nor can be installed.
 */
export async function hostileApp(): Promise<string | undefined> {
  const path = cacheFolder('app', `hostile-${await hashOfSources()}.wasm`)
  if (await isThere(path)) return path
  if (!(await canInstallRust([WASM_TARGET]))) return undefined
  await mkdir(dirname(path), { recursive: true })
  const { wasm } = await compileApp(['hostile'])
  await writeFile(`${path}.new`, wasm)
  await rename(`${path}.new`, path)
  return path
}

async function hashOfSources(): Promise<string> {
  const inSrc = (await readdir(join(APP_LOGIC, 'src'), { recursive: true })).filter((name) => name.endsWith('.rs')).sort()
  const hash = createHash('sha256')
  for (const name of ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', ...inSrc.map((each) => join('src', each))])
    hash.update(`${name}\0`).update(await readFile(join(APP_LOGIC, name)))
  return hash.digest('hex').slice(0, 16)
}

async function isThere(path: string): Promise<boolean> {
  return (await readdir(dirname(path)).catch(() => [])).some((name) => path.endsWith(name))
}
