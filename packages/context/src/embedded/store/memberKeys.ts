import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { Disk } from '../disk/disk.ts'
import { seal, unseal } from '../disk/seal.ts'
import { storage } from '../disk/storageFailure.ts'
import { type FileKeys, newSalt } from '../disk/storeKey.ts'

const FILE = 'identity.json'
const Identity = z.union([z.object({ privateKey: z.base64() }), z.object({ salt: z.hex(), sealedKey: z.base64() })])

/** The identity of a member as it was found. */
export type KeptIdentity = {
  /** Public key: 64 hex digits. */
  readonly executor: string
  readonly isSealed: boolean
  /** The private key, PKCS #8. */
  readonly der: Buffer
}

/**
 * The identity kept in a folder; undefined when there is none.
 * @throws {CallFailure} `damaged`, also when it is sealed and does not open.
 */
export function readIdentity(disk: Disk, folder: string, keys: FileKeys | undefined): KeptIdentity | undefined {
  const bytes = disk.read(join(folder, FILE))
  if (bytes === undefined) return undefined
  const kept = parse(bytes)
  const der = 'privateKey' in kept ? Buffer.from(kept.privateKey, 'base64') : openKey(kept, keys)
  return { der, isSealed: !('privateKey' in kept), executor: whenGood(() => executorOf(der)) }
}

/** Makes an identity (ed25519) and keeps it. @returns Its public key. */
export function makeExecutor(disk: Disk, folder: string, keys: FileKeys | undefined): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  const der = privateKey.export({ type: 'pkcs8', format: 'der' })
  keepIdentity(disk, folder, keys, der)
  return executorOf(der)
}

/** Writes an identity down, in place of what was there; sealed when there are keys. */
export function keepIdentity(disk: Disk, folder: string, keys: FileKeys | undefined, der: Buffer): void {
  const kept: z.infer<typeof Identity> = keys === undefined ? { privateKey: der.toString('base64') } : sealKey(keys, der)
  disk.writeWhole(folder, FILE, [Buffer.from(JSON.stringify(kept))])
}

function sealKey(keys: FileKeys, der: Buffer): { salt: string; sealedKey: string } {
  const salt = newSalt()
  return { salt: salt.toString('hex'), sealedKey: seal(keys.keyOf(FILE, salt), der, salt).toString('base64') }
}

function openKey({ salt, sealedKey }: { salt: string; sealedKey: string }, keys: FileKeys | undefined): Buffer {
  const bound = Buffer.from(salt, 'hex')
  const der = keys === undefined ? undefined : unseal(keys.keyOf(FILE, bound), Buffer.from(sealedKey, 'base64'), bound)
  if (der === undefined) throw storage('damaged', `${FILE} does not open with the store key`)
  return der
}

function parse(bytes: Buffer): z.infer<typeof Identity> {
  return whenGood(() => Identity.parse(JSON.parse(bytes.toString('utf8'))))
}

function whenGood<T>(read: () => T): T {
  try {
    return read()
  } catch {
    throw storage('damaged', FILE)
  }
}

function executorOf(pkcs8: Buffer): string {
  const { x } = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })).export({ format: 'jwk' })
  return Buffer.from(x ?? '', 'base64url').toString('hex')
}
