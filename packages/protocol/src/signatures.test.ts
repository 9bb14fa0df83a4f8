import { describe, expect, test } from 'vitest'
import { sessionBodySchema } from './api.ts'
import { ADDRESS_END, felt, STARK_PRIME } from './ids.ts'
import { consentSecretFrom } from './salts.ts'
import { REFUSED_SIGNATURES, SIGNATURE_SHAPES } from './signatures.fixture.ts'
import { MAX_SIGNATURE_FELTS, signatureFelts, signatureSchema } from './signatures.ts'

describe('a signature', () => {
  test.each(SIGNATURE_SHAPES)('of $felts felts passes unchanged: $name', ({ signature, felts }) => {
    const plain = signature.map((part) => felt(BigInt(part)))
    expect(signatureSchema.parse(signature)).toEqual(plain)
    expect(sessionBodySchema.parse({ account: '0x1', nonce: '0x2', signature }).signature).toEqual(plain)
    expect(signatureFelts(signature)).toEqual(plain)
    expect(plain).toHaveLength(felts)
  })

  test('is as long as the network takes it, zeros at both ends included, and no longer', () => {
    const longest = Array.from({ length: MAX_SIGNATURE_FELTS }, () => '0x0')
    expect(signatureSchema.parse(longest)).toEqual(longest)
    expect(signatureSchema.safeParse([...longest, '0x0']).success).toBe(false)
  })

  test('is any felt: hex of any case and length, decimal, beyond all addresses', () => {
    const written = ['0x00AB', `0x${'0'.repeat(63)}1`, '007', String(STARK_PRIME - 1n), `0x${ADDRESS_END.toString(16)}`]
    expect(signatureSchema.parse(written)).toEqual(['0xab', '0x1', '0x7', felt(STARK_PRIME - 1n), felt(ADDRESS_END)])
  })

  test('comes as starknet.js gives it: two numbers, or a list of strings and numbers', () => {
    expect(signatureFelts({ r: 10n, s: 0n })).toEqual(['0xa', '0x0'])
    expect(signatureFelts(['10', '0x0A', 10, 10n])).toEqual(['0xa', '0xa', '0xa', '0xa'])
  })

  test.each(REFUSED_SIGNATURES.map((signature) => [JSON.stringify(signature).slice(0, 40), signature] as const))(
    'error: %s is none',
    (_, signature) => {
      expect(signatureSchema.safeParse(signature).success).toBe(false)
      if (signature.length > 0) expect(() => signatureFelts(signature)).toThrow('not a valid id')
    },
  )
})

describe('the consent secret', () => {
  test.each(SIGNATURE_SHAPES)('comes from every kind of signature: $name', ({ signature }) => {
    const secret = consentSecretFrom(signature, signature)
    expect(secret).toHaveLength(32)
    expect(
      consentSecretFrom(
        signature.map((part) => String(BigInt(part))),
        signatureFelts(signature),
      ),
    ).toEqual(secret)
  })

  test('error: what is constant in a signature, types and text and lengths, is no secret', () => {
    for (const constant of [['0x1', '0x3', '0x0', '0x0'], Array.from({ length: 60 }, () => '0x68'), ['0x1', `0x${'f'.repeat(32)}`]])
      expect(() => consentSecretFrom(constant, constant)).toThrow(expect.objectContaining({ code: 'wallet/empty-signature' }))
  })
})
