import { expect, test } from 'vitest'
import { failureOfRpc } from './failureOfRpc.ts'

const passing = ['Uninitialized', 'GroupKeyPending', 'UpgradeInProgress']
const lasting = ['ContextNotFound', 'Unauthorized', 'ApplicationNotInstalled']

test.each(passing)('%s passes by itself', (type) => {
  expect(failureOfRpc('m', { type, data: {} })).toMatchObject({ name: 'NodeNotReadyError', isPassing: true })
})

test.each(lasting)('%s does not', (type) => {
  expect(failureOfRpc('m', { type })).toMatchObject({ name: 'NodeNotReadyError', isPassing: false })
})

test('a failure of the call is told as what it is', () => {
  expect(failureOfRpc('m', { type: 'FunctionCallError', data: 'method "m" not found' })).toMatchObject({ name: 'MethodUnknownError' })
})

test.each([
  { type: 'InternalError' },
  { type: 'FunctionCallError', data: 5 },
  { type: 'constructor' },
  { type: 'no word at all: marked', data: 'marked' },
])('error: anything else is a failure of the node’s own, without its words: %j', (error) => {
  const failure = failureOfRpc('m', error)
  expect(failure.name).toBe('NodeFailedError')
  expect(failure.message).not.toContain('marked')
})
