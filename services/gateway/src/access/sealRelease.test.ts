import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { describe, expect, test } from 'vitest'
import { sealRelease } from './sealRelease.ts'

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [{ fullUrl: 'urn:uuid:1', resource: { resourceType: 'Observation' } }],
} as const
const INFO = 'MedSync release v1|0x1|0x2|0x3'

async function researcher() {
  const { publicKey, privateKey } = await suite.kem.generateKeyPair()
  const key = new Uint8Array(await suite.kem.serializePublicKey(publicKey))
  const open = async (sealed: Awaited<ReturnType<typeof sealRelease>>, info: string): Promise<unknown> => {
    const recipient = await suite.createRecipientContext({
      recipientKey: privateKey,
      enc: new Uint8Array(sealed.encapsulated).buffer,
      info: new TextEncoder().encode(info).buffer,
    })
    const plain = await recipient.open(new Uint8Array(sealed.ciphertext).buffer)
    return JSON.parse(gunzipSync(new Uint8Array(plain)).toString('utf8'))
  }
  return { key, open }
}

describe('sealRelease', () => {
  test('what is sealed to a key opens with it, and the hash is that of the ciphertext', async () => {
    const { key, open } = await researcher()
    const sealed = await sealRelease(bundle, key, INFO)
    expect(await open(sealed, INFO)).toEqual(bundle)
    expect(sealed.sha256).toBe(createHash('sha256').update(sealed.ciphertext).digest('hex'))
  })

  test('the same twice is never the same', async () => {
    const { key } = await researcher()
    const [one, other] = [await sealRelease(bundle, key, INFO), await sealRelease(bundle, key, INFO)]
    expect(one.sha256).not.toBe(other.sha256)
  })

  test('error: it opens for no other request, no other key, and not when a byte was changed', async () => {
    const [one, other] = [await researcher(), await researcher()]
    const sealed = await sealRelease(bundle, one.key, INFO)
    await expect(one.open(sealed, `${INFO}4`)).rejects.toThrow()
    await expect(other.open(sealed, INFO)).rejects.toThrow()
    const changed = Uint8Array.from(sealed.ciphertext, (byte, index) => (index === 3 ? byte ^ 1 : byte))
    await expect(one.open({ ...sealed, ciphertext: changed }, INFO)).rejects.toThrow()
  })

  test('the Bundle is written in batches and reads as it would in one piece', async () => {
    const { key, open } = await researcher()
    const entry = Array.from({ length: 3_000 }, (_, index) => ({
      fullUrl: `urn:uuid:${index}`,
      resource: { resourceType: 'Observation', note: `“Grüße” ${index} ${'x'.repeat(60)}` },
    }))
    const whole = { ...bundle, entry }
    expect(await open(await sealRelease(whole, key, INFO), INFO)).toEqual(whole)
    const bytes = Buffer.byteLength(JSON.stringify(whole))
    await sealRelease(whole, key, INFO, { maxBytes: bytes, maxResources: 3_000 })
    const over = sealRelease(whole, key, INFO, { maxBytes: bytes - 1, maxResources: 3_000 })
    await expect(over).rejects.toMatchObject({ code: 'release/too-large' })
  })

  test('error: more resources than may leave, and more bytes: given up before the rest is written', async () => {
    const { key } = await researcher()
    let written = 0
    const entry = Array.from({ length: 1_000 }, (_, index) => ({
      fullUrl: `urn:uuid:${index}`,
      resource: { resourceType: 'Observation', toJSON: () => ({ text: 'x'.repeat(10_000), count: ++written }) },
    }))
    const many = sealRelease({ ...bundle, entry }, key, INFO, { maxBytes: 1e9, maxResources: 999 })
    await expect(many).rejects.toMatchObject({ code: 'release/too-large' })
    expect(written).toBe(0)
    const large = sealRelease({ ...bundle, entry }, key, INFO, { maxBytes: 300_000, maxResources: 1_000 })
    await expect(large).rejects.toMatchObject({ code: 'release/too-large' })
    expect(written).toBeLessThan(100)
  })

  test.each([
    ['too short', new Uint8Array(31).fill(9)],
    ['a point of low order', new Uint8Array(32)],
  ])('error: a key that is %s', async (_, key) => {
    await expect(sealRelease(bundle, key, INFO)).rejects.toMatchObject({ code: 'request/no-key' })
  })
})
