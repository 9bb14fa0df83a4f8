import { abis, type ContractName, eventShapes, type RawEvent, readEvent, readPendingEvent } from '@medsync/chain'
import { account, felt, liveEventSchema, STARK_PRIME } from '@medsync/protocol'
import * as fc from 'fast-check'
import { hash } from 'starknet'
import { expect, test } from 'vitest'
import { ChainState } from './chainState.ts'
import { messagesOf } from './liveEvents.ts'

const contracts = { participants: account(0xa1), consentRegistry: account(0xa2), accessLog: account(0xa3), rewardPool: account(0xa4) }
const chain = { rpcUrl: 'http://127.0.0.1:1', contracts }
const SELECTORS = [...Object.keys(eventShapes), 'NeverHeardOf'].map((name) => felt(hash.getSelectorFromName(name)))
const BOUNDARIES = [0n, 1n, 2n, 3n, 2n ** 64n, 2n ** 128n, 2n ** 251n - 257n, 2n ** 251n - 1n, 2n ** 251n, STARK_PRIME - 1n].map((value) =>
  felt(value),
)

test('whatever a stranger has a contract say is taken in, told and forgotten again, and never fails', async () => {
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(felt(1), felt(2), felt(3)) },
    { weight: 1, arbitrary: fc.constantFrom(...BOUNDARIES) },
  )
  const raw = fc.record({
    contract: fc.constantFrom(...(Object.keys(abis) as ContractName[])),
    selector: fc.constantFrom(...SELECTORS),
    keys: fc.array(value, { maxLength: 4 }),
    data: fc.array(value, { maxLength: 13 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(raw, { minLength: 1, maxLength: 40 }), async (events) => {
      const state = new ChainState()
      for (const [eventIndex, { contract, selector, keys, data }] of events.entries()) {
        const at = { blockNumber: 1, transactionIndex: 0, eventIndex, transaction: felt(0xaa) }
        const emitted: RawEvent = { from_address: contracts[contract], transaction_hash: at.transaction, keys: [selector, ...keys], data }
        const [event, pending] = [readEvent(chain, emitted, at), readPendingEvent(chain, emitted)]
        if (event === undefined || pending === undefined) throw new RangeError('not from a contract of ours')
        state.setPending([pending])
        state.apply([event])
        for (const message of await messagesOf(event, state, async () => [felt(2)])) {
          expect(liveEventSchema.parse(JSON.parse(JSON.stringify(message.event)))).toEqual(message.event)
        }
      }
    }),
    { seed: 11, numRuns: 500 },
  )
})
