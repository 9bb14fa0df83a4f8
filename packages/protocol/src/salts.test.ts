import { describe, expect, test } from 'vitest'
import { consentSecretFrom, deriveSalts, encryptionKeySeed, newConsentNonce, newSalt } from './salts.ts'

const R = `0x1${'0'.repeat(40)}`
const S = `0x2${'0'.repeat(40)}`
const secret = consentSecretFrom([R, S], [R, S])
const NONCE = '00112233445566778899aabbccddeeff'

describe('the consent secret', () => {
  test('is the same in every browser, however the wallet writes its signature', () => {
    expect(consentSecretFrom([`0x00${R.slice(2)}`, S], [R, S])).toEqual(secret)
    expect(Buffer.from(secret).toString('hex')).toMatchInlineSnapshot(`"7aca95b6eccc304b4fb5e9de25e4b5329d1d889a49eba515e3ba30f62962ef3f"`)
  })

  test('error: a wallet that signs differently each time cannot carry it', () => {
    expect(() => consentSecretFrom([R, S], [R, R])).toThrow(expect.objectContaining({ code: 'wallet/not-deterministic' }))
    expect(() => consentSecretFrom([R, S], [R, S, S])).toThrow(expect.objectContaining({ code: 'wallet/not-deterministic' }))
  })

  test('error: no signature is no secret', () => {
    for (const signature of [[], ['0x0'], ['0x0', '0x0'], ['0x1', '0x0'], [R, '0x7']]) {
      expect(() => consentSecretFrom(signature, signature)).toThrow(expect.objectContaining({ code: 'wallet/empty-signature' }))
    }
  })

  test('the encryption key is another secret than the salts', () => {
    expect(encryptionKeySeed(secret)).toHaveLength(32)
    expect(encryptionKeySeed(secret)).not.toEqual(secret)
  })
})

describe('salts', () => {
  test('are always the same for one nonce, and all different', () => {
    const salts = deriveSalts(secret, NONCE)
    expect(deriveSalts(secret, NONCE)).toEqual(salts)
    expect(new Set([...Object.values(salts), ...Object.values(deriveSalts(secret, newConsentNonce()))]).size).toBe(8)
    expect(salts).toMatchInlineSnapshot(`
      {
        "data": "0x21150e178e926bd6c9f26fd1389795f164524da1d44d5d3d4d5e6fc8dd493b1",
        "grantee": "0xf1be0e6c84d93c2c21a2493cb4012e71e53388621bcdf772d059e6290b2695",
        "period": "0xc2dba76f83400457559400883102ef1b599361ac41d56769d2b3fdf0e1d9f6",
        "purposes": "0x2df97cb9e4b81b408f1ce29ab875e45c0b88421d285c6d74dda8d11f723a7bb",
      }
    `)
  })

  test('a thousand fresh ones never repeat and are never zero', () => {
    const salts = new Set(Array.from({ length: 1_000 }, newSalt))
    expect(salts.size).toBe(1_000)
    expect(salts.has('0x0' as never)).toBe(false)
  })

  test.each(['', 'xyz', NONCE.toUpperCase(), NONCE.slice(1)])('error: %s is no nonce', (nonce) => {
    expect(() => deriveSalts(secret, nonce)).toThrow(expect.objectContaining({ code: 'consent/malformed-nonce' }))
  })
})
