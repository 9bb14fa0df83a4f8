import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { ChoreError } from '../choreError.ts'
import { projectRoot } from '../paths.ts'

/**
 * The key that signs the app; made when the file is not there.
 * @param path - A PEM file outside the project, readable by its owner only.
 * @returns Whether it is new: then all bundles signed with it are another app than before.
 * @throws {ChoreError} `context/signing-key`
 */
export async function openSigningKey(path: string): Promise<{ key: KeyObject; isNew: boolean }> {
  if (!relative(projectRoot, resolve(path)).startsWith('..')) throw refused('lies inside the project, from where it could get into git')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw refused(`cannot be read (${error.code ?? error.name})`)
  })
  if (text === undefined) return { key: await makeKey(path), isNew: true }
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0) throw refused('can be read by others; give it mode 600')
  return { key: parseKey(text), isNew: false }
}

function parseKey(text: string): KeyObject {
  try {
    const key = createPrivateKey(text)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (error) {
    throw refused('is no private key', error)
  }
  throw refused('is no ed25519 key')
}

async function makeKey(path: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519')
  await mkdir(dirname(resolve(path)), { recursive: true, mode: 0o700 })
  await writeFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  return privateKey
}

function refused(why: string, cause?: unknown): ChoreError {
  return new ChoreError('context/signing-key', `The signing key ${why}.`, 'Name another file, or put this one right.', { cause })
}
