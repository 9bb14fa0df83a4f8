import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ContractError, errorWords, isErrorCode, MedsyncError } from '@medsync/protocol'
import { describe, expect, test } from 'vitest'
import { ChainFailureError, ChainUnreachableError, RejectedByUserError } from '../errors.ts'
import { contractErrorText } from './contractErrorText.ts'
import { decodeContractError } from './decodeContractError.ts'
import { failureOfRpc } from './failureOfRpc.ts'

const CAIRO = join(import.meta.dirname, '../../../../contracts/cairo')

/** Every `const X: felt252 = 'Area: text'` of our contracts. */
function contractErrors(): string[] {
  const files = readdirSync(CAIRO, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.cairo') && !name.startsWith('test'),
  )
  return files.flatMap((name) =>
    [...readFileSync(join(CAIRO, name), 'utf8').matchAll(/: felt252 = '([A-Z]\w+: [^']+)'/g)].map((match) => match[1] ?? ''),
  )
}

const hex = (text: string): string => `0x${Buffer.from(text).toString('hex')}`
const trace = (text: string): string =>
  `Error in contract (contract address: 0x034b, class hash: 0x05b4, selector: 0x015d):\n(${hex(text)} ('${text}'), 0x454e545259504f494e545f4641494c4544 ('ENTRYPOINT_FAILED')).\n`

describe('contractErrorText', () => {
  const errors = contractErrors()

  test('the contracts have errors to look for', () => {
    expect(errors.length).toBeGreaterThan(60)
  })

  test.each(errors)('%s has words, and is found in a trace as text and as felt', (text) => {
    expect(isErrorCode(text)).toBe(true)
    expect(text.length).toBeLessThanOrEqual(31)
    expect(contractErrorText(trace(text))).toBe(text)
    expect(contractErrorText(`(${hex(text)}, 0x454e545259504f494e545f4641494c4544)`)).toBe(text)
  })

  test('words of the table that look like a contract’s belong to a contract', () => {
    expect(Object.keys(errorWords).filter((code) => code.includes(': ') && !errors.includes(code))).toEqual([])
  })

  test('a text of nobody we know is not taken for ours', () => {
    expect(contractErrorText(trace('ERC20: insufficient balance'))).toBeUndefined()
    expect(contractErrorText(trace('Consent: made up'))).toBeUndefined()
  })
})

describe('decodeContractError', () => {
  test('finds a contract’s text in what an estimation nests', () => {
    const data = { execution_error: { error: { error: trace('Pool: cap reached') } } }
    expect(failureOfRpc({ code: 41, message: 'Transaction execution error', data }, 'starknet_estimateFee')).toMatchInlineSnapshot(
      `[ContractError: The study has used up what it may pay to this patient. Ask for another patient.]`,
    )
  })

  test('finds it in the cause of what a wallet throws', () => {
    const failure = decodeContractError(new Error('Execution failed', { cause: { message: trace('Consent: already used') } }))
    expect(failure).toBeInstanceOf(ContractError)
    expect(failure.code).toBe('Consent: already used')
  })

  test('a foreign contract’s text is kept, never the parameters', () => {
    const failure = failureOfRpc(
      { code: 40, message: 'Contract error', data: { revert_error: trace('ERC20: insufficient balance') } },
      'starknet_call',
    )
    expect(failure).toBeInstanceOf(ChainFailureError)
    expect(failure.message).toMatchInlineSnapshot(
      `"The transaction failed. (ERC20: insufficient balance) Nothing changed. Look at the transaction, then try again."`,
    )
  })

  test.each([{ code: 113, message: 'An error occurred (USER_REFUSED_OP)' }, new Error('User abort'), new Error('User rejected request')])(
    'a person’s no is told as such: %s',
    (thrown) => {
      expect(decodeContractError(thrown)).toBeInstanceOf(RejectedByUserError)
    },
  )

  test.each([new TypeError('fetch failed'), new TypeError('Failed to fetch'), new Error('connect ECONNREFUSED 127.0.0.1:1')])(
    'a node that is not there is told as such: %s',
    (thrown) => {
      expect(decodeContractError(thrown)).toBeInstanceOf(ChainUnreachableError)
    },
  )

  test('whatever is thrown comes out with words', () => {
    for (const thrown of [undefined, null, 1, 'text', {}, new Error('x'), new ChainUnreachableError()]) {
      expect(decodeContractError(thrown)).toBeInstanceOf(MedsyncError)
    }
  })
})
