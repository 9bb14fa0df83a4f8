import { felt } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { parseEvent } from './followEvents.ts'
import { queriesOfEvent } from './queriesOfEvent.ts'

test('an access that was logged brings the accesses and the money up to date', () => {
  expect(queriesOfEvent({ type: 'access.logged', index: 1, kind: 1, transaction: felt(1) })).toEqual(['accesses', 'journal', 'owed'])
})

test('after a gap everything is loaded again', () => {
  expect(queriesOfEvent({ type: 'stream.gap' })).toContain('consents')
  expect(queriesOfEvent({ type: 'stream.gap' })).toContain('journal')
})

test('error: an event of a newer gateway, or none at all, is passed over', () => {
  expect(parseEvent('{"type":"chain.up"}')).toEqual({ type: 'chain.up' })
  expect(parseEvent('{"type":"moon.full"}')).toBeUndefined()
  expect(parseEvent('not json')).toBeUndefined()
})
