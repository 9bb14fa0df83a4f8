import { account, felt, organisationId, requestIdSchema, studyIdSchema } from '@medsync/protocol'
import { describe, expect, test } from 'vitest'
import { openStudyCalls } from '../actions/openStudy.ts'
import { requestAccessCalls } from '../actions/requestAccess.ts'
import { setEncryptionKeyCalls } from '../actions/setEncryptionKey.ts'
import { settleRequestCalls } from '../actions/settleRequest.ts'
import type { Chain } from '../deployment.ts'
import { keyFromNumber, keyToNumber } from '../encryptionKey.ts'

const chain: Chain = {
  rpcUrl: 'http://127.0.0.1:1',
  contracts: { participants: account(0xa1), consentRegistry: account(0xa2), accessLog: account(0xa3), rewardPool: account(0xa4) },
}
const request = requestIdSchema.parse(9)
const hex = (calldata: unknown): string[] => (calldata as string[]).map((value) => `0x${BigInt(value).toString(16)}`)

describe('calls', () => {
  test('a request is addressed to the pool with its four arguments', () => {
    const [call] = requestAccessCalls(chain, {
      study: studyIdSchema.parse(3),
      patient: account(0x11),
      hospital: organisationId(0x22),
      digest: felt(0x33),
    })
    expect(call).toMatchObject({ contractAddress: '0xa4', entrypoint: 'request' })
    expect(hex(call?.calldata)).toEqual(['0x3', '0x11', '0x22', '0x33'])
  })

  test('a settlement opens the consent field by field, in the contract’s order', () => {
    const opening = {
      grantee: felt(1),
      granteeSalt: felt(2),
      purposes: 3n,
      purposesSalt: felt(4),
      notBeforeS: 5,
      expiresAtS: 6,
      periodSalt: felt(7),
      data: felt(8),
    }
    const [call] = settleRequestCalls(chain, { request, digest: felt(11), opening, entry: felt(10) })
    expect(hex(call?.calldata)).toEqual(['0x9', '0xb', '0x1', '0x2', '0x3', '0x4', '0x5', '0x6', '0x7', '0x8', '0x0', '0x0', '0xa'])
    const membership = { index: 1, path: [felt(0x20), felt(0x21)] }
    const [member] = settleRequestCalls(chain, { request, digest: felt(11), opening: { ...opening, membership }, entry: felt(10) })
    expect(hex(member?.calldata).slice(10)).toEqual(['0x1', '0x2', '0x20', '0x21', '0xa'])
  })

  test('opening a study approves exactly the deposit and the bond before', () => {
    const terms = {
      organisation: organisationId(1),
      purposeIndex: 36,
      token: account(0x70),
      price: 2n ** 100n,
      hospitalBps: 2_000,
      poolBps: 500,
      capPerPatient: 3,
      minCohort: 2,
      bond: 5n,
      deadlineS: 1_900_000_000,
      answerWithinS: 3_600,
      details: felt(0xd),
    }
    const [approve, open] = openStudyCalls(chain, { terms, deposit: 2n ** 127n })
    expect(approve).toMatchObject({ contractAddress: '0x70', entrypoint: 'approve' })
    expect(hex(approve?.calldata)).toEqual(['0xa4', `0x${(2n ** 127n + 5n).toString(16)}`, '0x0'])
    expect(open).toMatchObject({ contractAddress: '0xa4', entrypoint: 'open_study' })
    expect(hex(open?.calldata).slice(0, 4)).toEqual(['0x1', '0x24', '0x70', `0x${(2n ** 100n).toString(16)}`])
    expect(hex(open?.calldata).at(-1)).toBe(`0x${(2n ** 127n).toString(16)}`)
  })

  test('a public key goes to the chain and comes back byte for byte', () => {
    const key = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 0 : 255 - index))
    expect(keyFromNumber(keyToNumber(key))).toEqual(key)
    const [call] = setEncryptionKeyCalls(chain, { key })
    expect(
      hex(call?.calldata)
        .map(BigInt)
        .reduce((sum, limb, index) => sum + (limb << BigInt(128 * index)), 0n),
    ).toBe(keyToNumber(key))
  })

  test('error: a key that is not 32 bytes', () => {
    expect(() => keyToNumber(new Uint8Array(31))).toThrowErrorMatchingInlineSnapshot(
      `[MalformedIdError: That is not a valid id. (encryption key) Copy it again, whole, with its 0x.]`,
    )
  })

  test('error: an amount beyond 128 bits does not become a call', () => {
    expect(() => openStudyCalls(chain, { terms: { price: 1n } as never, deposit: 2n ** 128n })).toThrow()
  })
})
