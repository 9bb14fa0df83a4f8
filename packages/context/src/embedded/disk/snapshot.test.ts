import { createSecretKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { Keyspace } from '../store/keyspace.ts'
import { decodeSnapshot, encodeSnapshot } from './snapshot.ts'

const head = { sequence: 7, timeNs: 12n, root: 'r'.repeat(32), lastPrivate: new Map([['mercy', 5]]) }

const KEY = createSecretKey(Buffer.alloc(32, 7))
const keyOf = () => KEY

function written(key?: typeof keyOf): Buffer {
  const keyspace = new Keyspace()
  keyspace.apply({ isOrdered: false, key: 'a', value: '\x00\xff' })
  keyspace.apply({ isOrdered: true, key: 'b', value: 'x'.repeat(2_000_000) })
  return Buffer.concat([...encodeSnapshot(head, keyspace, key)])
}

const kinds = [
  { name: 'plain', key: undefined },
  { name: 'sealed', key: keyOf },
]

test.each(kinds)('a $name snapshot gives back all values and where it stood', ({ key }) => {
  const snapshot = decodeSnapshot(written(key), key)
  expect(snapshot).toMatchObject(head)
  expect([...(snapshot?.changes ?? [])]).toEqual([
    { isOrdered: false, key: 'a', value: '\x00\xff' },
    { isOrdered: true, key: 'b', value: 'x'.repeat(2_000_000) },
  ])
})

test.each(kinds)('error: a $name snapshot with another byte is none', ({ key }) => {
  for (const place of [0, 10, 20, 60, 1_000_000, -1]) {
    const bytes = written(key)
    const at = (place + bytes.length) % bytes.length
    bytes[at] = (bytes[at] ?? 0) ^ 1
    expect(decodeSnapshot(bytes, key), String(place)).toBeUndefined()
  }
})

test.each(kinds)('error: a $name snapshot that was cut is none', ({ key }) => {
  const bytes = written(key)
  for (const length of [0, 3, 8, 20, 40, bytes.length - 1]) expect(decodeSnapshot(bytes.subarray(0, length), key)).toBeUndefined()
})

test('a sealed snapshot shows nothing of its values, and opens with its own key only', () => {
  const bytes = written(keyOf)
  expect(written().includes('xxxx')).toBe(true)
  expect(bytes.includes('xxxx')).toBe(false)
  expect(bytes.includes('mercy')).toBe(false)
  expect(decodeSnapshot(bytes)).toBeUndefined()
  expect(decodeSnapshot(bytes, () => createSecretKey(Buffer.alloc(32, 8)))).toBeUndefined()
})
