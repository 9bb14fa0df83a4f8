import { randomBytes } from 'node:crypto'
import { link, open, readFile, unlink } from 'node:fs/promises'
import { ConfigurationError } from '../gatewayErrors.ts'
import { refuseReadableByOthers } from '../tenants/readJsonFile.ts'
import type { Key } from './keyRing.ts'

/**
 * Reads the master key: 64 hex digits in a file that only its owner may read. A missing file is made with a fresh key; whether that key opens this
 * database is checked when the database is opened, so a lost key never leads to a silent second one.
 * @throws {ConfigurationError} `config/master-key`: malformed, or readable by others.
 */
export async function readMasterKey(path: string): Promise<Key> {
  const text = (await readKeyFile(path)) ?? (await makeKeyFile(path))
  await refuseReadableByOthers(path, 'config/master-key')
  if (!/^[0-9a-f]{64}$/i.test(text.trim())) throw new ConfigurationError('config/master-key', 'expected 64 hex digits')
  return Buffer.from(text.trim(), 'hex')
}

async function readKeyFile(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw new ConfigurationError('config/master-key', 'cannot be read', { cause })
  })
}

/** Written beside its place and then linked there, so that a crash leaves a whole key or none. */
async function makeKeyFile(path: string): Promise<string> {
  const text = randomBytes(32).toString('hex')
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  try {
    const file = await open(draft, 'wx', 0o600)
    await file.writeFile(`${text}\n`)
    await file.sync()
    await file.close()
    await link(draft, path)
    await unlink(draft)
  } catch (cause) {
    throw new ConfigurationError('config/master-key', 'cannot be made', { cause })
  }
  return text
}
