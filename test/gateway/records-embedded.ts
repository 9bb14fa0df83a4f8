import { createHash } from 'node:crypto'
import { appendFileSync, cpSync, existsSync, globSync, readFileSync, rmSync, statSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import * as z from 'zod'
import { cacheFolder, inProject } from '../../scripts/paths.ts'
import { systemClock } from '../../services/gateway/src/clock.ts'
import { migrate } from '../../services/gateway/src/database/migrator.ts'
import { openPglite } from '../../services/gateway/src/database/pgliteDatabase.ts'

const gateway = createRequire(inProject('services', 'gateway', 'package.json'))
const { dependencies } = z.object({ dependencies: z.record(z.string(), z.string()) }).parse(gateway('./package.json'))
const empty = cacheFolder(`pglite-${dependencies['@electric-sql/pglite']}-small`)
const sources = sourcesHash()
const KEPT_MS = 86_400_000
const making = new Map<string, Promise<void>>()

/**
 * An embedded database in `folder`: a copy of one that was made once, since making one takes seconds.
 * @param slugs - Tenants whose schemas the migrations have made already, as at a second start; when not given it is empty, as at a first.
 * @returns The folder.
 */
export async function embeddedDatabase(folder: string, slugs?: readonly string[]): Promise<string> {
  const template = slugs === undefined ? empty : `${empty}-${sources}-${hashOf(slugs.join(' '))}`
  await makeOnce(empty, makeEmpty)
  if (slugs !== undefined) await makeOnce(template, (draft) => migrateCopy(draft, slugs))
  copy(template, folder)
  return folder
}

/** What a migrated one is made from: when any of it changes, another is made. */
function sourcesHash(): string {
  const made = createHash('sha256')
  for (const path of globSync('services/gateway/src/database/**/*.{ts,sql}', { cwd: inProject() }).sort()) {
    made.update(path).update(readFileSync(inProject(path)))
  }
  return made.digest('hex').slice(0, 16)
}

/** Short: some tests have more tenants than a file's name has letters. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

async function makeEmpty(folder: string): Promise<void> {
  await (await PGlite.create({ dataDir: folder })).close()
  // Half of what a start costs is clearing the 128 MB that it takes otherwise, for a database of one.
  appendFileSync(join(folder, 'postgresql.conf'), '\nshared_buffers = 16MB\n')
}

async function migrateCopy(folder: string, slugs: readonly string[]): Promise<void> {
  copy(empty, folder)
  const database = await openPglite(folder)
  try {
    await migrate(database, { slugs, clock: systemClock })
  } finally {
    await database.close()
  }
  forgetOld()
}

/** Those of sources that are no more, once nobody can be copying them. */
function forgetOld(): void {
  for (const path of globSync(cacheFolder('pglite-*'))) {
    if (path !== empty && !path.includes(`-${sources}-`) && statSync(path).mtimeMs < Date.now() - KEPT_MS)
      rmSync(path, { recursive: true, force: true })
  }
}

/** Once for this process, however many ask at a time. */
async function makeOnce(template: string, make: (draft: string) => Promise<void>): Promise<void> {
  if (existsSync(template)) return
  const under = making.get(template) ?? makeWhole(template, make)
  making.set(template, under)
  await under
}

/** Made beside its place and moved there whole, so that another process or a kill leaves no half one. */
async function makeWhole(template: string, make: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${template}.${process.pid}`
  await rm(draft, { recursive: true, force: true })
  await mkdir(cacheFolder(), { recursive: true })
  await make(draft)
  await rename(draft, template).catch(() => rm(draft, { recursive: true, force: true }))
}

/** At once: the asynchronous copy of a thousand files takes ten times as much of a core. */
function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
}
