import { createHash } from 'node:crypto'

const CHUNK_BYTES = 1_048_576

/**
 * The id, in hex, that a node's blob store gives a bundle: the hash of its chunks' hashes. By it the circle's nodes tell whether they run
 * the same code.
 * @source calimero-blobstore 0.11.0-rc.4, `put_sized`.
 */
export function bundleBlobId(bundle: Uint8Array): string {
  const root = createHash('sha256')
  for (let at = 0; at < bundle.length; at += CHUNK_BYTES) root.update(sha256(bundle.subarray(at, at + CHUNK_BYTES)))
  return root.digest('hex')
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
