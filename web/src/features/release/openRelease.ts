import { type ConsentSecret, type Network, type Release, releaseInfo } from '@medsync/protocol'
import * as z from 'zod'
import { deriveKeyPair, releaseSuite } from '../encryption/deriveKeyPair.ts'
import { PortalError } from '../problem/PortalError.ts'

/** As much of a FHIR R4 Bundle as showing it needs. */
const bundleSchema = z.looseObject({
  resourceType: z.literal('Bundle'),
  meta: z.looseObject({ tag: z.array(z.looseObject({ system: z.string(), code: z.string() })) }).optional(),
  entry: z.array(z.looseObject({ resource: z.looseObject({ resourceType: z.string() }) })).default([]),
})
export type OpenedBundle = z.output<typeof bundleSchema>
export type OpenedResource = OpenedBundle['entry'][number]['resource']

/** Sealed data, opened: what it says, and the text as the hospital wrote it. */
export type OpenedRelease = { readonly bundle: OpenedBundle; readonly text: string }

/**
 * Opens a release in this browser: checks its hash, decrypts it with the key of the wallet's secret, unpacks and reads it.
 * @throws {PortalError} `release/wrong-hash`, `release/cannot-open` (sealed to another key), `release/not-fhir`.
 */
export async function openRelease(
  release: Release,
  network: Pick<Network, 'chainId'> & { readonly contracts: Pick<Network['contracts'], 'rewardPool'> },
  secret: ConsentSecret,
): Promise<OpenedRelease> {
  const ciphertext = fromBase64(release.ciphertext)
  if ((await sha256Hex(ciphertext)) !== release.sha256) throw new PortalError('release/wrong-hash')
  const packed = await decrypt(ciphertext, release, network, secret)
  const text = await unpack(packed)
  return { bundle: parseBundle(text), text }
}

async function decrypt(
  ciphertext: Uint8Array<ArrayBuffer>,
  { encapsulated, digest }: Release,
  { chainId, contracts }: Parameters<typeof openRelease>[1],
  secret: ConsentSecret,
): Promise<ArrayBuffer> {
  const { pair } = await deriveKeyPair(secret)
  const info = new TextEncoder().encode(releaseInfo(chainId, contracts.rewardPool, digest)).buffer
  try {
    const recipient = await releaseSuite().createRecipientContext({ recipientKey: pair, enc: fromBase64(encapsulated).buffer, info })
    return await recipient.open(ciphertext.buffer)
  } catch (cause) {
    throw new PortalError('release/cannot-open', { cause })
  }
}

async function unpack(packed: ArrayBuffer): Promise<string> {
  try {
    return await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
  } catch (cause) {
    throw new PortalError('release/not-fhir', { cause })
  }
}

function parseBundle(text: string): OpenedBundle {
  try {
    return bundleSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new PortalError('release/not-fhir', { cause })
  }
}

async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}
