import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { Disk } from '../disk/disk.ts'
import { storage } from '../disk/storageFailure.ts'

const FILE = 'identity.json'
const Identity = z.object({ privateKey: z.base64() })

/** Public key of the identity kept in a folder: 64 hex digits; undefined when there is none. */
export function readExecutor(disk: Disk, folder: string): string | undefined {
  const bytes = disk.read(join(folder, FILE))
  if (bytes === undefined) return undefined
  try {
    const { privateKey } = Identity.parse(JSON.parse(bytes.toString('utf8')))
    return executorOf(Buffer.from(privateKey, 'base64'))
  } catch {
    throw storage('damaged', FILE)
  }
}

/** Makes an identity (ed25519) and keeps it. @returns Its public key. */
export function makeExecutor(disk: Disk, folder: string): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  const der = privateKey.export({ type: 'pkcs8', format: 'der' })
  disk.writeWhole(folder, FILE, [Buffer.from(JSON.stringify({ privateKey: der.toString('base64') }))])
  return executorOf(der)
}

function executorOf(pkcs8: Buffer): string {
  const { x } = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })).export({ format: 'jwk' })
  return Buffer.from(x ?? '', 'base64url').toString('hex')
}
