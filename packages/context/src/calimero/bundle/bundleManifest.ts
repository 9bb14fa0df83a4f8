import { createHash } from 'node:crypto'
import * as z from 'zod'

const artifact = z.strictObject({
  path: z.string().regex(/^[a-z]+\.(wasm|json)$/),
  /** SHA-256 of the file, in hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.number().int().positive(),
})

/** What a bundle says of itself, without the signature: the part of Calimero's format that we use, and nothing else. */
export const unsignedManifestSchema = z.strictObject({
  version: z.literal('1.0'),
  package: z.string().regex(/^[a-z0-9]+(\.[a-z0-9-]+)+$/),
  appVersion: z.string().regex(/^\d+\.\d+\.\d+\+[0-9a-f]{12}$/),
  signerId: z.string().startsWith('did:key:z'),
  minRuntimeVersion: z.literal('0.11.0-rc.4'),
  metadata: z.strictObject({ name: z.string(), description: z.string(), license: z.string() }),
  wasm: artifact,
  abi: artifact,
})

/** What a bundle says of itself, without the signature. */
export type UnsignedManifest = z.output<typeof unsignedManifestSchema>

/** What a bundle says of itself. */
export const bundleManifestSchema = unsignedManifestSchema.extend({
  signature: z.strictObject({
    algorithm: z.literal('ed25519'),
    /** Base64url, as the signature. */
    publicKey: z.base64url().length(43),
    signature: z.base64url().length(86),
  }),
})

/**
 * What is signed: SHA-256 of the manifest in canonical JSON.
 * @source RFC 8785; here texts are ASCII and numbers small integers, so sorting the keys is all that it takes.
 */
export function signingPayload(manifest: UnsignedManifest): Buffer {
  return createHash('sha256').update(canonical(manifest)).digest()
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value)
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}
