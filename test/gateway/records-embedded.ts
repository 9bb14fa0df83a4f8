import { existsSync } from 'node:fs'
import { constants, cp, mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import * as z from 'zod'

const gateway = createRequire(new URL('../../services/gateway/package.json', import.meta.url))
const { dependencies } = z.object({ dependencies: z.record(z.string(), z.string()) }).parse(gateway('./package.json'))
const template = new URL(`../../.cache/pglite-${dependencies['@electric-sql/pglite']}`, import.meta.url).pathname

/**
 * An empty embedded database in `folder`: a copy of one that was made once, since making one takes seconds.
 * @returns The folder.
 */
export async function embeddedDatabase(folder: string): Promise<string> {
  if (!existsSync(template)) await makeTemplate()
  await cp(template, folder, { recursive: true, mode: constants.COPYFILE_FICLONE })
  return folder
}

/** Made beside its place and moved there whole, so that two tests at once or a kill leave no half one. */
async function makeTemplate(): Promise<void> {
  const draft = `${template}.${process.pid}`
  await mkdir(join(draft, '..'), { recursive: true })
  await (await PGlite.create({ dataDir: draft })).close()
  await rename(draft, template).catch(() => rm(draft, { recursive: true, force: true }))
}
