import { expect, test } from 'vitest'
import { panicFailure } from './panicFailure.ts'

/** Words of serde_json and calimero-sdk 0.11.0-rc.4, each with a marked value where one can be. */
const said: [words: string, reason: string][] = [
  ['Error("missing field `patient`", line: 1, column: 30)', 'missing field "patient"'],
  ['Error("duplicate field `patient`", line: 1, column: 30)', 'duplicate field "patient"'],
  ['Error("unknown field `marked`, expected `key` or `value`", line: 1, column: 9)', 'unknown field, known are "key" or "value"'],
  ['Error("unknown field `marked`, expected one of `a`, `b`, `c`", line: 1, column: 9)', 'unknown field, known are "a", "b", "c"'],
  ['Error("invalid type: integer `5550101`, expected a string", line: 1, column: 9)', 'invalid type: integer, expected a string'],
  ['Error("invalid type: string \\"marked\\", expected u32", line: 1, column: 9)', 'invalid type: string, expected u32'],
  [
    'Error("invalid value: string \\"marked\\", expected one of marked", line: 1, column: 9)',
    'invalid value: string, expected one of marked',
  ],
  ['Error("invalid type: map, expected a string", line: 1, column: 9)', 'invalid type: map, expected a string'],
  ['Error("expected value marked", line: 1, column: 1)', 'they cannot be read'],
  ['method takes no arguments but received unknown field(s): ["marked"]', 'the method takes none'],
]

test.each(said)('bad input is told without its value: %s', (words, reason) => {
  expect(panicFailure(`Failed to deserialize input from JSON: ${words}`, 'lib.rs:1:1')).toEqual({ is: 'argument', reason })
})

test.each([
  'Error("invalid type: string \\"expected marked, line\\", expected u32", line: 1, column: 2)',
  'Error("unknown field `x`, expected `marked`, expected `key` or `value`", line: 1, column: 2)',
])('a value that imitates the words of a reason gives nothing away: %s', (words) => {
  const failure = panicFailure(`Failed to deserialize input from JSON: ${words}`, '')
  expect(JSON.stringify(failure)).not.toContain('marked')
  expect(JSON.stringify(failure)).toMatch(/u32|key/)
})

test('what the SDK says of the state is a failure of its own, everything else a trap', () => {
  expect(panicFailure('Failed to find or read app state', '')).toEqual({ is: 'not-initialised' })
  expect(panicFailure('Cannot initialize over already existing state.', '')).toEqual({ is: 'already-initialised' })
  expect(panicFailure('index out of bounds', 'lib.rs:1:1')).toEqual({ is: 'trap', place: 'lib.rs:1:1', words: 'index out of bounds' })
})
