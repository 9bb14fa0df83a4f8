// Writes pairs of rows as fast as it can and says after each transaction that it is committed, until it is killed. Run by records-database.test.ts.
import { pino } from 'pino'
import { openDatabase } from '../../services/gateway/src/database/openDatabase.ts'
import { readEnv } from '../../services/gateway/src/env.ts'
import { KeyRing } from '../../services/gateway/src/keys/keyRing.ts'
import { readTenants } from '../../services/gateway/src/tenants/tenants.ts'

const env = readEnv()
const database = await openDatabase({
  env,
  tenants: await readTenants(env.TENANTS_FILE),
  keys: new KeyRing(Buffer.alloc(32, 1)),
  clock: { nowS: () => 1 },
  log: pino({ level: 'silent' }),
})
await database.inTenant('mercy', (tx) => tx.script('CREATE TABLE IF NOT EXISTS pairs (id bigint, half int, filler text)'))
for (let id = Number(process.argv[2]); ; id += 1) {
  await database.inTenant('mercy', async (tx) => {
    await tx.run('INSERT INTO pairs VALUES ($1, 1, $2)', [id, 'x'.repeat(2_000)])
    await tx.run('INSERT INTO pairs VALUES ($1, 2, $2)', [id, 'y'.repeat(2_000)])
  })
  process.stdout.write(`${id}\n`)
}
