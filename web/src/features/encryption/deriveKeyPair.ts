import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { type ConsentSecret, encryptionKeySeed } from '@medsync/protocol'

/** The suite that data is sealed with: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180). */
export function releaseSuite(): CipherSuite {
  return new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
}

/**
 * The key pair that the wallet's secret gives, always the same one (RFC 9180, DeriveKeyPair). The private key cannot be taken out of it.
 * @returns The pair, and the public key as the 32 bytes that go on the chain.
 */
export async function deriveKeyPair(secret: ConsentSecret): Promise<{ readonly pair: CryptoKeyPair; readonly publicKey: Uint8Array }> {
  const suite = releaseSuite()
  const pair = await suite.kem.deriveKeyPair(encryptionKeySeed(secret).slice().buffer)
  return { pair, publicKey: new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey)) }
}
