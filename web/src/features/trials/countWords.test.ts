import { expect, test } from 'vitest'
import { countWords } from './countWords.ts'

const count = { round: 'r', state: 'counted', people: 1_250, reason: null } as const

test('a count is told with how far it is', () => {
  expect(countWords(null).words).toBe('Not counted yet')
  expect(countWords({ ...count, state: 'counting', people: null }).tone).toBe('waiting')
  expect(countWords(count).words).toBe('1,250 people meet them')
  expect(countWords({ ...count, state: 'withheld', people: null }).hint).toContain('Fewer than 20')
})

test('error: a count that was given up says why, and one for a reason of a newer version what to do', () => {
  expect(countWords({ ...count, state: 'given-up', people: null, reason: 'rounds/missing' }).hint).toMatch(
    /did not contribute in time.*open a new round/,
  )
  expect(countWords({ ...count, state: 'given-up', people: null, reason: 'rounds/new' }).hint).toBe('Count again.')
})
