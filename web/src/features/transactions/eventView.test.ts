import { readPendingEvent } from '@medsync/chain'
import { account, felt } from '@medsync/protocol'
import { hash } from 'starknet'
import { expect, test } from 'vitest'
import { eventView } from './eventView.ts'

const contracts = { participants: account(0xa1), consentRegistry: account(0xa2), accessLog: account(0xa3), rewardPool: account(0xa4) }

/** What a receipt shows of an event of the consent registry. */
function shown(name: string, keys: bigint[], data: bigint[]) {
  const felts = { keys: [felt(hash.getSelectorFromName(name)), ...keys.map(felt)], data: data.map(felt) }
  const event = { from_address: contracts.consentRegistry, transaction_hash: felt(0xaa), ...felts }
  const read = readPendingEvent({ rpcUrl: 'http://127.0.0.1:1', contracts }, event)
  return read === undefined ? undefined : eventView(read)
}

test('a commitment beyond all addresses is shown as any other', () => {
  const commitment = 2n ** 251n
  expect(shown('ConsentGranted', [5n, commitment], [9n])).toEqual({
    name: 'ConsentGranted',
    fields: [
      ['patient', '0x5'],
      ['commitment', `0x${commitment.toString(16)}`],
      ['grantedAtS', '9'],
    ],
  })
})

test('an event that cannot be read is one line of a receipt, and says nothing that it does not mean', () => {
  expect(shown('ConsentRevoked', [5n], [9n])).toEqual({
    name: 'SetAside',
    fields: [
      ['contract', 'consentRegistry'],
      ['event', 'ConsentRevoked'],
    ],
  })
  expect(shown('NeverHeardOf', [], [])).toEqual({ name: 'SetAside', fields: [['contract', 'consentRegistry']] })
})
