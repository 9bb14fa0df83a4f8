import { expect, test } from 'vitest'
import { Keyspace } from '../store/keyspace.ts'
import { decodeSnapshot, encodeSnapshot } from './snapshot.ts'

const head = { sequence: 7, timeNs: 12n, root: 'r'.repeat(32), lastPrivate: new Map([['mercy', 5]]) }

function written(): Buffer {
  const keyspace = new Keyspace()
  keyspace.apply({ isOrdered: false, key: 'a', value: '\x00\xff' })
  keyspace.apply({ isOrdered: true, key: 'b', value: 'x'.repeat(2_000_000) })
  return Buffer.concat([...encodeSnapshot(head, keyspace)])
}

test('a snapshot gives back all values and where it stood', () => {
  const snapshot = decodeSnapshot(written())
  expect(snapshot).toMatchObject(head)
  expect([...(snapshot?.changes ?? [])]).toEqual([
    { isOrdered: false, key: 'a', value: '\x00\xff' },
    { isOrdered: true, key: 'b', value: 'x'.repeat(2_000_000) },
  ])
})

test.each([0, 20, 60, 1_000_000, -1])('error: a snapshot with another byte at %i is none', (place) => {
  const bytes = written()
  const at = (place + bytes.length) % bytes.length
  bytes[at] = (bytes[at] ?? 0) ^ 1
  expect(decodeSnapshot(bytes)).toBeUndefined()
})

test('error: a snapshot that was cut is none', () => {
  const bytes = written()
  for (const length of [0, 3, 8, bytes.length - 1]) expect(decodeSnapshot(bytes.subarray(0, length))).toBeUndefined()
})
