import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto'
import * as z from 'zod'
import { writeArchive } from './archive.ts'
import { signerIdOf } from './bundleIds.ts'
import { signingPayload, type UnsignedManifest } from './bundleManifest.ts'

/** What a bundle is made of. */
export type BundleParts = {
  /** `0.1.0`; the code's hash is added to it. */
  readonly version: string
  readonly packageName: string
  readonly metadata: UnsignedManifest['metadata']
  readonly wasm: Uint8Array
  readonly abi: Uint8Array
}

/**
 * Packs and signs an app; the same parts and key give the same bytes.
 *
 * The version names the code, because a node that has unpacked a version once never unpacks it again: other code under the same
 * version would be installed and never run.
 * @param privateKey - An ed25519 key.
 */
export function signBundle(parts: BundleParts, privateKey: KeyObject): Uint8Array {
  const { x } = z.object({ x: z.string() }).parse(createPublicKey(privateKey).export({ format: 'jwk' }))
  const wasm = artifactOf('app.wasm', parts.wasm)
  const manifest: UnsignedManifest = {
    version: '1.0',
    package: parts.packageName,
    appVersion: `${parts.version}+${wasm.hash.slice(0, 12)}`,
    signerId: signerIdOf(Buffer.from(x, 'base64url')),
    minRuntimeVersion: '0.11.0-rc.4',
    metadata: parts.metadata,
    wasm,
    abi: artifactOf('abi.json', parts.abi),
  }
  const signature = sign(null, signingPayload(manifest), privateKey).toString('base64url')
  const signed = { ...manifest, signature: { algorithm: 'ed25519', publicKey: x, signature } }
  return writeArchive([
    { name: 'manifest.json', bytes: Buffer.from(`${JSON.stringify(signed, null, 2)}\n`) },
    { name: wasm.path, bytes: parts.wasm },
    { name: 'abi.json', bytes: parts.abi },
  ])
}

function artifactOf(path: string, bytes: Uint8Array): UnsignedManifest['wasm'] {
  return { path, hash: createHash('sha256').update(bytes).digest('hex'), size: bytes.length }
}
