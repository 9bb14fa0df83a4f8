import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { glob, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import { cacheFolder, inProject } from '../paths.ts'
import type { Progress } from '../progress.ts'
import { runCommand } from '../runCommand.ts'

/** Everything that the built web app depends on, from the project's folder. */
const SOURCES = [
  'web/{src,public}/**/*',
  'web/{index.html,package.json,vite.config.ts,tsconfig.json}',
  'packages/{protocol,chain,context}/{package.json,src/**/*}',
  'package-lock.json',
  'tsconfig.base.json',
]

/**
 * Builds the web app, once for each state of its sources.
 * @returns Folder with `index.html`.
 * @throws {ChoreError} `web/build` with the end of what vite said.
 */
export async function buildWeb(told: Progress): Promise<string> {
  const dist = cacheFolder('web', await sourceHash())
  if (existsSync(join(dist, 'index.html'))) return dist
  told.update('building')
  const part = `${dist}.${process.pid}.part`
  const vite = inProject('node_modules', 'vite', 'bin', 'vite.js')
  const { code, tail } = await runCommand(process.execPath, [vite, 'build', '--outDir', part, '--emptyOutDir'], { cwd: inProject('web') })
  if (code !== 0) throw new ChoreError('web/build', `The web app could not be built:\n${tail}`, 'Mend what vite names above.')
  await rm(dist, { recursive: true, force: true })
  await rename(part, dist)
  return dist
}

/** One hash over the names and contents of all sources; tests do not count. */
async function sourceHash(): Promise<string> {
  const paths: string[] = []
  for await (const entry of glob(SOURCES, { cwd: inProject(), withFileTypes: true })) {
    if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) paths.push(join(entry.parentPath, entry.name))
  }
  const hash = createHash('sha256')
  for (const path of paths.sort())
    hash
      .update(`${path.slice(inProject().length)}\0`)
      .update(await readFile(path))
      .update('\0')
  return hash.digest('hex').slice(0, 24)
}
