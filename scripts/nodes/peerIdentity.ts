import { generateKeyPairSync } from 'node:crypto'

/** Who a node is to other nodes (libp2p): not the executor that it acts as in a circle. */
export interface PeerIdentity {
  /** Base58 of its public key's multihash: `12D3Koo…`. */
  peerId: string
  /** Base58 of the key pair, as config.toml holds it. Secret. */
  keypair: string
}

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** Protobuf `PrivateKey { Type = Ed25519, Data = 64 bytes }` and `PublicKey { Type = Ed25519, Data = 32 bytes }`. */
const PRIVATE_KEY = [0x08, 0x01, 0x12, 0x40]
const PUBLIC_KEY = [0x08, 0x01, 0x12, 0x20]
/** Multihash of a value short enough to stand for itself: identity, 36 bytes. */
const IDENTITY_HASH = [0x00, 0x24]

/**
 * Makes a new identity.
 * @source libp2p, "Peer Ids and Keys": keys are protobuf, an ed25519 peer id is the public key's identity multihash in base58.
 */
export function makePeerIdentity(): PeerIdentity {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  return peerIdentityOf(Buffer.from(d ?? '', 'base64url'), Buffer.from(x ?? '', 'base64url'))
}

/** The identity of an ed25519 key pair; both halves have 32 bytes. */
export function peerIdentityOf(secret: Uint8Array, publicKey: Uint8Array): PeerIdentity {
  return {
    peerId: base58(Uint8Array.of(...IDENTITY_HASH, ...PUBLIC_KEY, ...publicKey)),
    keypair: base58(Uint8Array.of(...PRIVATE_KEY, ...secret, ...publicKey)),
  }
}

function base58(bytes: Uint8Array): string {
  let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  let text = ''
  for (; number > 0n; number /= 58n) text = ALPHABET.charAt(Number(number % 58n)) + text
  const firstOther = bytes.findIndex((byte) => byte !== 0)
  return ALPHABET.charAt(0).repeat(firstOther === -1 ? bytes.length : firstOther) + text
}
