import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { ConfirmedHospitals } from '../context/confirmedHospitals.ts'
import { Links } from '../enrolment/links.ts'
import type { GatewayEnv } from '../env.ts'
import { framesOf } from '../http/framesOf.ts'
import { type KeyRing, keyedHash } from '../keys/keyRing.ts'
import type { Tenants } from '../tenants/tenants.ts'
import { checkMasterKey } from './checkMasterKey.ts'
import type { Database } from './database.ts'
import { migrate } from './migrator.ts'
import { openPglite } from './pgliteDatabase.ts'
import { openPostgres } from './postgresDatabase.ts'
import type { WriterLockOptions } from './writerLock.ts'

/** What opening the database needs. */
export type Opening = { env: GatewayEnv; tenants: Tenants; keys: KeyRing; clock: Clock; log: Logger; turn?: Turn | undefined }

/** What happens while several gateways want the same Postgres database; see `WriterLock`. */
export type Turn = Pick<WriterLockOptions, 'onStandby' | 'onLost' | 'signal'>

/**
 * Opens the database when it is this gateway's turn to write, brings every schema up to date and checks that the master key is the one it was sealed with.
 * @throws {DatabaseError} It cannot be opened, is in use, was sealed with another key, or an old migration was changed.
 */
export async function openDatabase({ env, tenants, keys, clock, log, turn }: Opening): Promise<Database> {
  const database =
    env.DATABASE_URL === undefined ? await openPglite(env.DATABASE_DIR ?? '') : await openPostgres(env.DATABASE_URL, lockOptions(log, turn))
  try {
    const applied = await migrate(database, { slugs: tenants.all.map(({ slug }) => slug), clock })
    const proofKey = keys.shared('master-key-check')
    await checkMasterKey(database, keyedHash(proofKey, 'this database, with authenticated links'), {
      from: keyedHash(proofKey, 'this database'),
      run: () => trustExisting(database, { tenants, keys, clock, log }),
    })
    log.info({ event: 'database.opened', engine: database.engine, migrations: applied.length }, 'database opened')
    return database
  } catch (failure) {
    await database.close()
    throw failure
  }
}

function lockOptions(log: Logger, turn: Turn = {}): WriterLockOptions {
  return {
    signal: turn.signal,
    onConnectionLost: (cause) => log.warn({ event: 'database.connection-lost', cause: framesOf(cause) }, 'connection lost'),
    onStandby: () => {
      log.info({ event: 'database.standing-by' }, 'another gateway uses this database; this one takes over when that one is gone')
      turn.onStandby?.()
    },
    onLost: (failure) => {
      log.fatal({ event: 'database.lock-lost', code: failure.code }, 'another gateway has taken over; this one writes no more')
      turn.onLost?.(failure)
    },
  }
}

/** Rows that an older version wrote carry no authenticator: what is there at the first start after the upgrade is trusted, and counted in the log. */
async function trustExisting(
  database: Database,
  { tenants, ...parts }: Pick<Opening, 'tenants' | 'keys' | 'clock' | 'log'>,
): Promise<void> {
  const links = new Links(parts)
  const confirmed = new ConfirmedHospitals({ database, keys: parts.keys })
  await database.inShared((tx) => confirmed.trustExisting(tx))
  for (const { slug } of tenants.all) {
    const trusted = await links.change(database, slug, (tx) => links.trustExisting(tx, slug))
    parts.log.warn({ event: 'links.trusted', tenant: slug, links: trusted }, 'links of an older version were authenticated as they were')
  }
}
