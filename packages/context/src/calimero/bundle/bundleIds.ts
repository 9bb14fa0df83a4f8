import { createHash } from 'node:crypto'
import { toBase58 } from '../base58.ts'

/** Multicodec prefix of an ed25519 public key. */
const ED25519 = [0xed, 0x01]

/**
 * Who signed, as Calimero names them.
 * @param publicKey - 32 bytes.
 * @source W3C CCG, "The did:key Method".
 */
export function signerIdOf(publicKey: Uint8Array): string {
  return `did:key:z${toBase58(Uint8Array.from([...ED25519, ...publicKey]))}`
}

/**
 * The id under which every node knows the app, in base58: that of its name and its signer. So it is the same on all nodes and for all
 * versions, and another signer's app of the same name is another app.
 * @source calimero-node-primitives 0.11.0-rc.4, `install_bundle_application`.
 */
export function applicationIdOf(packageName: string, signerId: string): string {
  const hash = createHash('sha256')
  for (const text of [packageName, signerId]) {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(Buffer.byteLength(text))
    hash.update(length).update(text)
  }
  return toBase58(hash.digest())
}
