import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makesABlock, parseRequests, withTimes } from './requests.ts'

const invoke = (id: number) => ({ jsonrpc: '2.0', id, method: 'starknet_addInvokeTransaction', params: { nonce: id } })
const at = (time: number) => ({ jsonrpc: '2.0', id: 0, method: 'devnet_setTime', params: { time, generate_block: false } })

describe('withTimes', () => {
  test('each block gets the time it had', () => {
    expect(withTimes([invoke(1), invoke(2)], [100, 160])).toEqual([at(100), invoke(1), at(160), invoke(2)])
  })

  test('times of an earlier start are put anew, not twice', () => {
    const once = withTimes([invoke(1), invoke(2)], [100, 160])
    expect(withTimes(once, [100, 160])).toEqual(once)
  })

  test('a jump in time is a block of its own', () => {
    const jump = { jsonrpc: '2.0', id: 1, method: 'devnet_increaseTime', params: { time: 3600 } }
    expect(withTimes([jump, invoke(2)], [3700, 3701])).toEqual([at(3700), jump, at(3701), invoke(2)])
  })

  test('gas prices make no block', () => {
    const price = { jsonrpc: '2.0', id: 1, method: 'devnet_setGasPrice', params: {} }
    expect(withTimes([price, invoke(2)], [100])).toEqual([price, at(100), invoke(2)])
  })
})

describe('makesABlock', () => {
  test('setting the time does, unless it is told not to', () => {
    expect(makesABlock({ method: 'devnet_setTime', params: { time: 1 } })).toBe(true)
    expect(makesABlock({ method: 'devnet_setTime', params: { time: 1, generate_block: false } })).toBe(false)
  })
})

describe('parseRequests', () => {
  test('a file cut anywhere loses its cut request at most', () => {
    const requests = [invoke(1), invoke(2), invoke(3)]
    const text = `[${requests.map((request) => JSON.stringify(request)).join(', ')}]`
    const firstEnds = text.indexOf('}}') + 2
    fc.assert(
      fc.property(fc.integer({ min: firstEnds, max: text.length }), (length) => {
        const whole = text.slice(0, length).split('}}').length - 1
        expect(parseRequests(text.slice(0, length))).toEqual(requests.slice(0, whole))
      }),
      { seed: 42 },
    )
  })

  test('error: a file without a whole request is unreadable', () => {
    expect(parseRequests('[{"jsonrpc"')).toBeUndefined()
    expect(parseRequests('')).toBeUndefined()
  })
})
