import { account, felt } from '@medsync/protocol'
import { hash } from 'starknet'
import { describe, expect, test } from 'vitest'
import type { Chain } from '../deployment.ts'
import { UnknownEventError } from '../errors.ts'
import { type ChainEvent, eventFromJson, eventJson } from './chainEvent.ts'
import { decodeEvent } from './decodeEvent.ts'

const chain: Chain = {
  rpcUrl: 'http://127.0.0.1:1',
  contracts: { participants: account(0xa1), consentRegistry: account(0xa2), accessLog: account(0xa3), rewardPool: account(0xa4) },
}
const at = { blockNumber: 7, transactionIndex: 1, eventIndex: 2, transaction: felt(0xaa) }
const raw = (from: number, name: string, keys: number[], data: (number | bigint)[]) => ({
  from_address: account(from),
  transaction_hash: at.transaction,
  keys: [felt(hash.getSelectorFromName(name)), ...keys.map(felt)],
  data: data.map(felt),
})

describe('decodeEvent', () => {
  test('a study opens with its whole offer, structures within and all', () => {
    const event = decodeEvent(
      chain,
      raw(0xa4, 'StudyOpened', [3, 0x22, 0x33], [0x44, 0x22, 36, 0x33, 2n ** 100n, 2000, 500, 4, 2, 77, 1_900_000_000, 3_600, 0xdd]),
    )
    expect(event).toEqual({
      type: 'StudyOpened',
      study: 3,
      organisation: '0x22',
      token: '0x33',
      funder: '0x44',
      terms: {
        organisation: '0x22',
        purpose: 36,
        token: '0x33',
        price: 2n ** 100n,
        hospitalBps: 2000,
        poolBps: 500,
        capPerPatient: 4,
        minCohort: 2,
        bond: 77n,
        deadlineS: 1_900_000_000,
        answerWithinS: 3_600,
        details: '0xdd',
      },
    })
  })

  test('comes back from JSON as it was', () => {
    const opened = decodeEvent(
      chain,
      raw(0xa4, 'StudyOpened', [3, 0x22, 0x33], [0x44, 0x22, 36, 0x33, 2n ** 100n, 2000, 500, 4, 2, 77, 1_900_000_000, 3_600, 0xdd]),
    )
    const keySet = decodeEvent(chain, raw(0xa1, 'EncryptionKeySet', [0x55], [2n ** 127n, 2n ** 126n + 1n]))
    const admitted = decodeEvent(chain, raw(0xa1, 'OrganisationAdmitted', [0x66], [1, 0x4d, 0x77]))
    expect(admitted).toEqual({ type: 'OrganisationAdmitted', id: '0x66', role: 1, name: '0x4d', payout: '0x77' })
    for (const event of [opened, keySet, admitted].map((decoded) => ({ ...decoded, at }) as unknown as ChainEvent)) {
      expect(eventFromJson(JSON.parse(eventJson(event)))).toEqual(event)
    }
  })

  test('an upgrade of any of the four, and what is true or false', () => {
    const contracts = ['participants', 'consentRegistry', 'accessLog', 'rewardPool']
    for (const [index, contract] of contracts.entries()) {
      const planned = decodeEvent(chain, raw(0xa1 + index, 'UpgradePlanned', [5], [6]))
      expect(planned).toEqual({ type: 'UpgradePlanned', contract, classHash: '0x5', readyAtS: 6 })
    }
    expect(decodeEvent(chain, raw(0xa3, 'DisputeResolved', [1, 2], [1]))).toMatchObject({ isUpheld: true })
    expect(decodeEvent(chain, raw(0xa3, 'DisputeResolved', [1, 2], [0]))).toMatchObject({ isUpheld: false })
  })

  test('error: an event from another contract, of another name, or of another shape', () => {
    const granted = raw(0xa2, 'ConsentGranted', [1, 2], [3])
    expect(decodeEvent(chain, granted)).toMatchObject({ type: 'ConsentGranted', patient: '0x1', commitment: '0x2', grantedAtS: 3 })
    expect(() => decodeEvent(chain, { ...granted, from_address: account(0xbb) })).toThrow(UnknownEventError)
    expect(() => decodeEvent(chain, raw(0xa2, 'ConsentPainted', [1, 2], [3]))).toThrow(UnknownEventError)
    expect(() => decodeEvent(chain, raw(0xa2, 'ConsentGranted', [0, 2], [3]))).toThrow(UnknownEventError)
    expect(() => eventFromJson({ type: 'ConsentPainted', at })).toThrow(UnknownEventError)
  })
})
