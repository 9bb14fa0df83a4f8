import { describe, expect, test } from 'vitest'
import { ADDRESS_END, account, accountSchema, felt, feltSchema, organisationSlug, STARK_PRIME, slugToOrganisationId } from './ids.ts'

describe('felt', () => {
  test('brings every way of writing to one', () => {
    expect([felt('0x00Ab'), felt(171), felt(171n), feltSchema.parse('0x0AB')]).toEqual(['0xab', '0xab', '0xab', '0xab'])
  })

  test.each(['', '12', 'ab', '0x', '0xg', `0x${STARK_PRIME.toString(16)}`, -1, 1.5, -1n, STARK_PRIME])('error: %s is none', (value) => {
    expect(() => felt(value)).toThrowErrorMatchingInlineSnapshot(
      `[MalformedIdError: That is not a valid id. (felt) Copy it again, whole, with its 0x.]`,
    )
    if (typeof value === 'string') expect(feltSchema.safeParse(value).success).toBe(false)
  })
})

describe('account', () => {
  test('error: zero is nobody, and what the chain takes for no address is none', () => {
    for (const value of [0n, ADDRESS_END]) {
      expect(() => account(value)).toThrow('not a valid id')
      expect(accountSchema.safeParse(`0x${value.toString(16)}`).success).toBe(false)
    }
    expect(account(ADDRESS_END - 1n)).toMatch(/^0x7ff/)
  })
})

describe('short names', () => {
  test('come back as they were', () => {
    expect(slugToOrganisationId('mercy')).toBe('0x6d65726379')
    expect(organisationSlug(slugToOrganisationId('mercy'))).toBe('mercy')
    expect(organisationSlug(felt(1))).toBe('0x1')
  })

  test.each(['', 'a'.repeat(32), 'é'])('error: %s does not fit', (slug) => {
    expect(() => slugToOrganisationId(slug)).toThrow('not a valid id')
  })
})
