import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import type { Deployment } from '@medsync/chain'
import { type ConsentSecret, encryptionKeySeed, type Release, releaseInfo } from '@medsync/protocol'
import * as z from 'zod'
import { ChoreError } from '../choreError.ts'

const suite = () => new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
const bundleSchema = z.object({
  resourceType: z.literal('Bundle'),
  entry: z.array(z.object({ resource: z.looseObject({ resourceType: z.string() }) })),
})

/** What a researcher gets: a FHIR Bundle. */
export type ReleasedBundle = z.output<typeof bundleSchema>

/** The researcher's public key, 32 bytes, from the wallet's secret. */
export async function encryptionKeyOf(secret: ConsentSecret): Promise<Uint8Array> {
  const { publicKey } = await suite().kem.deriveKeyPair(bytes(encryptionKeySeed(secret)))
  return new Uint8Array(await suite().kem.serializePublicKey(publicKey))
}

/**
 * Opens sealed data with the researcher's key.
 * @throws {ChoreError} `demo/damaged` when it is not what the log entry says; whatever HPKE throws when it is sealed to another.
 */
export async function openRelease({ chainId, contracts }: Deployment, release: Release, secret: ConsentSecret): Promise<ReleasedBundle> {
  const ciphertext = Buffer.from(release.ciphertext, 'base64')
  if (createHash('sha256').update(ciphertext).digest('hex') !== release.sha256) {
    throw new ChoreError('demo/damaged', 'The sealed data is not what its hash says.', 'Fetch it again.')
  }
  const { privateKey } = await suite().kem.deriveKeyPair(bytes(encryptionKeySeed(secret)))
  const recipient = await suite().createRecipientContext({
    recipientKey: privateKey,
    enc: bytes(Buffer.from(release.encapsulated, 'base64')),
    info: bytes(new TextEncoder().encode(releaseInfo(chainId, contracts.rewardPool, release.digest))),
  })
  const plain = await recipient.open(bytes(ciphertext))
  return bundleSchema.parse(JSON.parse(gunzipSync(new Uint8Array(plain)).toString('utf8')))
}

/** A copy in a buffer of its own, as WebCrypto wants it. */
const bytes = (source: Uint8Array): ArrayBuffer => new Uint8Array(source).buffer
