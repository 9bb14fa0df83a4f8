import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { TrapError } from '../../engine/engineErrors.ts'
import { failureOfFunction } from './failureOfFunction.ts'

/** As a real node says them; a value of the call's is called `marked`. */
const said: [text: string, failure: string][] = [
  [
    'the method call returned an error: [123, 34, 107, 105, 110, 100, 34, 58, 34, 78, 111, 116, 65, 77, 101, 109, 98, 101, 114, 34, 125]',
    'ApplicationError: The app refused the call. (m: NotAMember)',
  ],
  [
    'guest panicked: Failed to deserialize input from JSON: Error("invalid type: string \\"marked\\", expected u32", line: 1, column: 30) at src/lib.rs:306:12',
    'ArgumentError: The arguments do not fit the method. (m: invalid type: string, expected u32)',
  ],
  [
    'guest panicked: Failed to deserialize input from JSON: method takes no arguments but received unknown field(s): ["marked"] at src/lib.rs:188:12',
    'ArgumentError: The arguments do not fit the method. (m: the method takes none)',
  ],
  ['guest panicked: Cannot initialize over already existing state. at src/lib.rs:130:12', 'AlreadyInitialisedError'],
  ['guest panicked: Failed to find or read app state at src/lib.rs:9:1', 'NotInitialisedError'],
  ['guest panicked: marked at src/lib.rs:7:9', 'TrapError: The app stopped in the middle of the call. (m: src/lib.rs:7:9)'],
  ['guest panicked: internal error: entered unreachable code', '(m: an unknown place)'],
  ['guest panicked: two\nlines of marked at /deep/src/lib.rs:1:2', '(m: /deep/src/lib.rs:1:2)'],
  ['host panicked: marked', '(m: an unknown place)'],
  ['unreachable code reached', '(m: unreachable code reached)'],
  ['invalid memory access', '(m: invalid memory access)'],
  ['something marked that nobody knows', '(m: an unknown place)'],
  ['method "marked" not found', 'MethodUnknownError: The app has no such method. (m)'],
  ['method "memory" has invalid signature: expected no arguments and no return value', 'MethodUnknownError'],
  ["method name contains invalid character at position 3: ' '", 'MethodUnknownError'],
  ['method name too long: 257 bytes (max: 256)', 'MethodUnknownError'],
  ['value length overflow', 'LimitError: The call went over a limit. (m: storage value, at most 10485760)'],
  ['events overflow', '(m: events, at most 100)'],
  ['constructor', '(m: an unknown place)'],
  ['No owned identity found for this context', 'NodeNotReadyError: The Calimero node is not ready for this circle. (it has not joined)'],
]

test.each(said)('a node’s words become an error that holds no value: %s', (text, failure) => {
  const error = failureOfFunction('m', text)
  expect(`${error.name}: ${error.message}`).toContain(failure)
  expect(`${error.message} ${inspect(error)}`).not.toContain('marked')
})

test('what the app gives as its reason is there to be read', () => {
  const json = JSON.stringify({ kind: 'TermsConflict', data: { commitment: '0x51ä' } })
  const text = `the method call returned an error: [${[...Buffer.from(json)].join(', ')}]`
  expect(failureOfFunction('file_terms', text)).toMatchObject({ kind: 'TermsConflict', data: { commitment: '0x51ä' } })
})

test.each(['', '999, 1', '34'])('error: a reason that cannot be read is still a refusal: %j', (bytes) => {
  expect(failureOfFunction('m', `the method call returned an error: [${bytes}]`)).toMatchObject({
    name: 'ApplicationError',
    kind: 'Unnamed',
  })
})

test('a developer can ask a trap for its words', () => {
  const error = failureOfFunction('m', 'guest panicked: index out of bounds at src/lib.rs:7:9')
  expect(error instanceof TrapError && error.words()).toBe('index out of bounds')
})
