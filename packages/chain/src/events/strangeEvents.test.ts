import { ADDRESS_END, account, felt, STARK_PRIME } from '@medsync/protocol'
import * as fc from 'fast-check'
import { hash } from 'starknet'
import { describe, expect, test } from 'vitest'
import { abis } from '../abis.ts'
import type { Chain, ContractName } from '../deployment.ts'
import { UnknownEventError } from '../errors.ts'
import { type ChainEvent, eventFromJson, eventJson, eventShapes, type SetAsideEvent } from './chainEvent.ts'
import { decodeEvent, layoutOf, type RawEvent, readAgain, readEvent, readPendingEvent } from './decodeEvent.ts'
import { subjectsOf } from './subjectsOf.ts'

const chain: Chain = {
  rpcUrl: 'http://127.0.0.1:1',
  contracts: { participants: account(0xa1), consentRegistry: account(0xa2), accessLog: account(0xa3), rewardPool: account(0xa4) },
}
const at = { blockNumber: 7, transactionIndex: 1, eventIndex: 2, transaction: felt(0xaa) }
const BOUNDARIES = [
  0n,
  1n,
  2n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 64n - 1n,
  2n ** 64n,
  2n ** 128n - 1n,
  2n ** 128n,
  2n ** 251n - 257n,
  2n ** 251n - 256n,
  2n ** 251n - 1n,
  2n ** 251n,
  STARK_PRIME - 2n,
  STARK_PRIME - 1n,
].map((value) => felt(value))

const CONTRACTS = Object.keys(abis) as ContractName[]
/** Every event of every contract, with how many felts it has. */
const ALL = CONTRACTS.flatMap((contract) =>
  Object.keys(eventShapes).flatMap((name) => {
    const selector = felt(hash.getSelectorFromName(name))
    const layout = layoutOf(contract, selector)
    return layout === undefined ? [] : [{ contract, name, selector, keys: layout.keys.length, data: layout.data.length }]
  }),
)

const raw = (contract: ContractName, keys: RawEvent['keys'], data: RawEvent['data']): RawEvent => ({
  from_address: chain.contracts[contract],
  transaction_hash: at.transaction,
  keys,
  data,
})

/** Puts an event through everything that reads it; what comes back is the event as a gateway keeps it. */
function readEverywhere(event: RawEvent): ChainEvent {
  const read = readEvent(chain, event, at)
  if (read === undefined) throw new RangeError('not from a contract of ours')
  expect(readPendingEvent(chain, event)?.type).toBe(read.type)
  expect(eventFromJson(JSON.parse(eventJson(read)))).toEqual(read)
  if (read.type === 'SetAside') {
    expect(() => decodeEvent(chain, event)).toThrow(UnknownEventError)
    expect(subjectsOf(read).patients.length).toBeGreaterThanOrEqual(0)
    expect(readAgain(read)).toEqual(read)
  } else expect(decodeEvent(chain, event).type).toBe(read.type)
  return read
}

describe('an event that a stranger sent', () => {
  test('is read with every boundary felt in every field, or set aside, and never fails', () => {
    for (const { contract, selector, keys, data } of ALL) {
      for (let field = 0; field < keys + data; field++) {
        for (const value of BOUNDARIES) {
          const felts = Array.from({ length: keys + data }, (_, index) => (index === field ? value : felt(1)))
          readEverywhere(raw(contract, [selector, ...felts.slice(0, keys)], felts.slice(keys)))
        }
      }
    }
  })

  test('is read in any mixture of lengths and felts, or set aside, and never fails', () => {
    const value = fc.oneof(
      fc.constantFrom(...BOUNDARIES),
      fc.bigInt({ min: 0n, max: STARK_PRIME - 1n }).map((number) => felt(number)),
    )
    const event = fc.constantFrom(...ALL).chain(({ contract, selector, keys, data }) =>
      fc.record({
        contract: fc.constant(contract),
        selector: fc.oneof({ weight: 9, arbitrary: fc.constant(selector) }, { weight: 1, arbitrary: value }),
        keys: fc.oneof(fc.array(value, { minLength: keys, maxLength: keys }), fc.array(value, { maxLength: 49 })),
        data: fc.oneof(fc.array(value, { minLength: data, maxLength: data }), fc.array(value, { maxLength: 300 })),
      }),
    )
    fc.assert(
      fc.property(event, ({ contract, selector, keys, data }) => {
        readEverywhere(raw(contract, [selector, ...keys], data))
      }),
      { seed: 11, numRuns: 2_000 },
    )
  })

  test.each([2n ** 251n - 256n, 2n ** 251n, STARK_PRIME - 1n])(
    'a commitment and an organisation may be %s: they are no addresses',
    (value) => {
      const id = felt(value)
      const granted = raw('consentRegistry', [felt(hash.getSelectorFromName('ConsentGranted')), felt(5), id], [felt(9)])
      expect(readEverywhere(granted)).toMatchObject({ type: 'ConsentGranted', patient: '0x5', commitment: id })
      const suspended = raw('participants', [felt(hash.getSelectorFromName('OrganisationSuspended')), id], [])
      expect(readEverywhere(suspended)).toMatchObject({ type: 'OrganisationSuspended', id })
    },
  )

  test('is set aside with its reason, and with whom it is about', () => {
    const named = (name: string, keys: bigint[], data: bigint[]) => {
      const [contract] = ALL.filter((known) => known.name === name).map((known) => known.contract)
      const selector = felt(hash.getSelectorFromName(name))
      return readEverywhere(raw(contract ?? 'rewardPool', [selector, ...keys.map(felt)], data.map(felt)))
    }
    const late = named('ConsentRevoked', [5n, 6n], [2n ** 64n - 1n])
    expect(late).toMatchObject({ type: 'SetAside', contract: 'consentRegistry', of: 'ConsentRevoked', reason: 'out-of-range' })
    expect(late.type === 'SetAside' && subjectsOf(late)).toEqual({
      patients: ['0x5'],
      commitments: ['0x6'],
      organisations: [],
      operators: [],
      studies: [],
      requests: [],
      isExact: true,
    })
    const longer = named('ConsentRevoked', [5n, 6n], [7n, 8n])
    expect(longer).toMatchObject({ of: 'ConsentRevoked', reason: 'wrong-length' })
    expect(longer.type === 'SetAside' && subjectsOf(longer)).toMatchObject({ patients: ['0x5', '0x6', '0x7', '0x8'], isExact: false })
    const nowhere = named('GuardianNamed', [5n, ADDRESS_END], [9n])
    expect(nowhere).toMatchObject({ of: 'GuardianNamed', reason: 'out-of-range' })
    const settled = named('RequestExpired', [3n, 4n, ADDRESS_END], [])
    expect(settled.type === 'SetAside' && subjectsOf(settled)).toMatchObject({ studies: [4], requests: [3] })
    const verdict = named('DisputeResolved', [5n, 6n], [2n])
    expect(verdict).toMatchObject({ of: 'DisputeResolved', reason: 'out-of-range' })
    expect(named('ConsentPainted', [5n], [])).toMatchObject({ of: null, reason: 'unknown-event' })
    expect(readEverywhere(raw('accessLog', [], []))).toMatchObject({ of: null, reason: 'unknown-event' })
  })

  test('that an earlier version set aside is read by one that knows it', () => {
    const granted = raw('consentRegistry', [felt(hash.getSelectorFromName('ConsentGranted')), felt(5), felt(6)], [felt(9)])
    const { keys, data } = granted
    const stored = { type: 'SetAside', at, contract: 'consentRegistry', of: null, reason: 'unknown-event', keys, data }
    const kept = eventFromJson(JSON.parse(JSON.stringify(stored))) as SetAsideEvent
    expect(readAgain(kept)).toEqual({ type: 'ConsentGranted', at, patient: '0x5', commitment: '0x6', grantedAtS: 9 })
  })

  test('from another contract is nobody’s', () => {
    expect(readEvent(chain, { ...raw('accessLog', [felt(1)], []), from_address: account(0xbb) }, at)).toBeUndefined()
  })
})
