import { ChainFailureError, ChainUnreachableError } from '@medsync/chain'
import { ContextUnavailableError } from '@medsync/context'
import { ContractError } from '@medsync/protocol'
import { describe, expect, test } from 'vitest'
import { ChainUnavailableError, DatabaseError, RecordError } from '../gatewayErrors.ts'
import { isOutage } from './isOutage.ts'

describe('what counts as a failure of a request', () => {
  test.each<[string, unknown]>([
    ['the chain does not answer', new ChainUnreachableError()],
    ['the chain is not read yet', new ChainUnavailableError('chain/behind')],
    ['the private context is away', new ContextUnavailableError()],
    ['the database is away', new DatabaseError('database/unreachable')],
    ['one of them is the cause', new RangeError('outer', { cause: new ChainUnreachableError() })],
    ['the hospital’s account cannot pay', new ChainFailureError('no funds', 54)],
    ['the hospital is suspended', new ContractError('Log: not a hospital')],
  ])('not: %s', (_, failure) => {
    expect(isOutage(failure)).toBe(true)
  })

  test.each<[string, unknown]>([
    ['a record that cannot be opened', new RecordError('record/damaged')],
    ['a node that fails without a number', new ChainFailureError('strange')],
    ['a revert of the request alone', new ContractError('Pool: unknown request')],
    ['a database that was asked wrongly', new DatabaseError('database/unsafe-number')],
    ['anything else', new TypeError('undefined is not a function')],
    ['no error at all', 'text'],
  ])('error: %s', (_, failure) => {
    expect(isOutage(failure)).toBe(false)
  })

  test('a failure that is its own cause ends', () => {
    const circular = new RangeError('circular')
    circular.cause = circular
    expect(isOutage(circular)).toBe(false)
  })
})
