import { createHash, createPublicKey, verify } from 'node:crypto'
import { type ArchiveFile, readArchive } from './archive.ts'
import { BundleError } from './bundleError.ts'
import { applicationIdOf, signerIdOf } from './bundleIds.ts'
import { bundleManifestSchema, signingPayload } from './bundleManifest.ts'

/** An app as it is handed from hospital to hospital: its code and ABI, and who vouches for them. */
export type SignedBundle = {
  /** The id of the app on every node; base58. */
  readonly applicationId: string
  /** Names the code, too: other code is another version. */
  readonly version: string
  /** Who vouches for it: `did:key:z…`. */
  readonly signerId: string
  /** SHA-256 of the whole bundle, in hex: the same bundle everywhere, or not. */
  readonly hash: string
  readonly wasm: Uint8Array
  readonly abi: Uint8Array
}

/**
 * Opens a bundle (`.mpk`) and checks all of it: the signature of its manifest, the manifest's word for each file, and that there is nothing
 * else in it. Do this before a node gets it: rc.4 checks the signature, but never whether the code is the code that was signed.
 * @throws {BundleError} Says what is wrong.
 * @example
 * const { applicationId } = readBundle(await readFile('calimero-app/res/medsync.mpk'))
 */
export function readBundle(bundle: Uint8Array): SignedBundle {
  const files = readArchive(bundle)
  const { signature, ...manifest } = parseManifest(files)
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: signature.publicKey }, format: 'jwk' })
  if (!verify(null, signingPayload(manifest), key, Buffer.from(signature.signature, 'base64url')))
    throw new BundleError('the signature is wrong')
  if (signerIdOf(Buffer.from(signature.publicKey, 'base64url')) !== manifest.signerId)
    throw new BundleError('it names another signer than the one who signed')
  if (files.length !== 3) throw new BundleError('it holds more than code, ABI and manifest')
  const wasm = contentOf(files, manifest.wasm)
  if (!manifest.appVersion.endsWith(`+${manifest.wasm.hash.slice(0, 12)}`)) throw new BundleError('its version is not that of its code')
  return {
    applicationId: applicationIdOf(manifest.package, manifest.signerId),
    version: manifest.appVersion,
    signerId: manifest.signerId,
    hash: sha256(bundle),
    wasm,
    abi: contentOf(files, manifest.abi),
  }
}

function parseManifest(files: readonly ArchiveFile[]) {
  const file = files.find(({ name }) => name === 'manifest.json')
  if (file === undefined) throw new BundleError('it has no manifest')
  try {
    return bundleManifestSchema.parse(JSON.parse(Buffer.from(file.bytes).toString('utf8')))
  } catch (error) {
    throw new BundleError('its manifest is malformed, or asks for something that we do not use', { cause: error })
  }
}

function contentOf(files: readonly ArchiveFile[], { path, hash, size }: { path: string; hash: string; size: number }): Uint8Array {
  const file = files.find(({ name }) => name === path)
  if (file === undefined) throw new BundleError(`${path} is missing`)
  if (file.bytes.length !== size || sha256(file.bytes) !== hash) throw new BundleError(`${path} is not the file that was signed`)
  return file.bytes
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
