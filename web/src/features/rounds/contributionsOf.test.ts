import { organisationId } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { contributionsOf, plannedSteps } from './contributionsOf.ts'

const [mercy, lakeside] = [organisationId('0x1'), organisationId('0x2')]
const steps = [
  { name: 'join', contributed: [mercy, lakeside] },
  { name: 'deal', contributed: [mercy] },
  { name: 'toss', contributed: [] },
]
const standings = (round: Parameters<typeof contributionsOf>[0]) =>
  contributionsOf(round).map(({ standings: each }) => each.map(({ standing }) => standing))

test('while a round is under way it says who is waited for and what is to come', () => {
  expect(standings({ parties: [mercy, lakeside], steps, step: 'deal', state: 'opened' })).toEqual([
    ['done', 'done', 'later'],
    ['done', 'waited', 'later'],
  ])
})

test('before anybody has joined, all are waited for', () => {
  const none = [
    { name: 'join', contributed: [] },
    { name: 'deal', contributed: [] },
  ]
  expect(standings({ parties: [mercy], steps: none, step: null, state: 'opened' })).toEqual([['waited', 'later']])
})

test('once a round has ended, who was missing is said to have been', () => {
  expect(standings({ parties: [mercy, lakeside], steps, step: 'deal', state: 'aborted' })[1]).toEqual(['done', 'not', 'later'])
})

test('somebody who contributed without being a party is shown, too', () => {
  expect(contributionsOf({ parties: [mercy], steps, step: null, state: 'closed' }).map(({ organisation }) => organisation)).toEqual([
    mercy,
    lakeside,
  ])
})

test('while a round is under way the steps to come are told, and afterwards only those that were', () => {
  const begun = [{ name: 'join', contributed: [mercy] }]
  expect(plannedSteps({ kind: 'ranking', steps: begun, state: 'opened' }).map(({ name }) => name)).toEqual([
    'join',
    'deal',
    'toss',
    'prove',
    'check',
    'answer',
    'open',
  ])
  expect(plannedSteps({ kind: 'ranking', steps: begun, state: 'aborted' })).toEqual(begun)
})

test('error: steps of another version are shown as they come', () => {
  const begun = [{ name: 'greet', contributed: [] }]
  expect(plannedSteps({ kind: 'ranking', steps: begun, state: 'opened' })).toEqual(begun)
})
