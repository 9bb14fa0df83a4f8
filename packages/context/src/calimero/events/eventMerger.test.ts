import { expect, test } from 'vitest'
import { EventMerger } from './eventMerger.ts'

const LISTED = { kind: 'RecordListed', data: { record: 'r1', executor: 'e' } }
const REMOVED = { kind: 'RecordRemoved', data: { record: 'r1', executor: 'e' } }

function merge(told: [node: string, event: typeof LISTED][], merger = new EventMerger()): boolean[] {
  return told.map(([node, event]) => merger.isNew(node, event))
}

test('what three nodes tell is told once, whoever is first', () => {
  expect(
    merge([
      ['a', LISTED],
      ['b', LISTED],
      ['c', LISTED],
    ]),
  ).toEqual([true, false, false])
  expect(
    merge([
      ['c', LISTED],
      ['b', REMOVED],
      ['a', LISTED],
      ['c', REMOVED],
      ['b', LISTED],
    ]),
  ).toEqual([true, true, false, false, false])
})

test('what happens twice is told twice, also when one node is a whole event behind', () => {
  expect(
    merge([
      ['a', LISTED],
      ['a', LISTED],
      ['b', LISTED],
      ['b', LISTED],
    ]),
  ).toEqual([true, true, false, false])
  expect(
    merge([
      ['a', LISTED],
      ['b', LISTED],
      ['b', LISTED],
      ['a', LISTED],
    ]),
  ).toEqual([true, false, true, false])
})

test('what another node tells long after is another event, and what a node never told is forgotten', () => {
  let nowMs = 20_000
  const merger = new EventMerger(() => nowMs)
  expect(merge([['a', LISTED]], merger)).toEqual([true])
  nowMs += 121_000
  expect(
    merge(
      [
        ['b', LISTED],
        ['a', LISTED],
      ],
      merger,
    ),
  ).toEqual([true, false])
})

test('after a gap nothing is known of who told what', () => {
  const merger = new EventMerger()
  expect(merge([['a', LISTED]], merger)).toEqual([true])
  merger.forget()
  expect(merge([['b', LISTED]], merger)).toEqual([true])
})
