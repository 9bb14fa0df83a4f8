import { describe, expect, test } from 'vitest'
import { consentSecretFrom, deriveSalts, encryptionKeySeed, newConsentNonce, newSalt } from './salts.ts'

const secret = consentSecretFrom(['0x1', '0x2'])
const NONCE = '00112233445566778899aabbccddeeff'

describe('the consent secret', () => {
  test('is the same in every browser, however the wallet writes its signature', () => {
    expect(consentSecretFrom(['0x01', '0x0002'])).toEqual(secret)
    expect(Buffer.from(secret).toString('hex')).toMatchInlineSnapshot(`"0590e05d5cdb19fcff3e930141ee7744279829ad62aa0fc5eddbc82280a56ac8"`)
  })

  test('error: a wallet that signs differently each time cannot carry it', () => {
    expect(() => consentSecretFrom(['0x1', '0x2'], ['0x1', '0x3'])).toThrow(expect.objectContaining({ code: 'wallet/not-deterministic' }))
    expect(() => consentSecretFrom(['0x1', '0x2'], ['0x1', '0x2', '0x3'])).toThrow(
      expect.objectContaining({ code: 'wallet/not-deterministic' }),
    )
  })

  test('error: no signature is no secret', () => {
    for (const signature of [[], ['0x0'], ['0x0', '0x0']]) {
      expect(() => consentSecretFrom(signature)).toThrow(expect.objectContaining({ code: 'wallet/empty-signature' }))
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
        "data": "0x2acf43a431acca49cf322b85989ab74665e5887ed080733c128193b8d0b6072",
        "grantee": "0x7cf956a52bc8ec88b1035812d0016776f148e96a942c66eeb2bd3a5d3c22e7c",
        "period": "0x153339bdfe37de02f6fb60f10aa08dd9c86dcb7f5f40061cb6d33d479a3e946",
        "purposes": "0x6eb374d6edf6195a564d4ca674862f080e836134e024e580e13f58b4344a5a9",
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
