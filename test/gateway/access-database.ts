import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { embeddedDatabase } from './records-embedded.ts'

/** A database of its own, and what gives it back. */
export type FreshDatabase = { readonly env: Record<string, string>; drop(): Promise<void> }

/**
 * An embedded database in `folder`, or one on the Postgres server that the tests were given.
 * @param slugs - Tenants for whom the embedded one may be migrated already; the one on a server is always empty.
 */
export async function freshDatabase(folder: string, slugs?: readonly string[]): Promise<FreshDatabase> {
  const url = process.env.TEST_DATABASE_URL
  if (url === undefined || url === '') return { env: { DATABASE_DIR: await embeddedDatabase(folder, slugs) }, drop: async () => undefined }
  const name = `medsync_${randomBytes(6).toString('hex')}`
  const administer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await administer(`CREATE DATABASE ${name}`)
  return { env: { DATABASE_URL: url.replace(/\/[^/]*$/, `/${name}`) }, drop: () => administer(`DROP DATABASE ${name} WITH (FORCE)`) }
}
