import { describe, expect, test } from 'vitest'
import { AttemptLimiter } from './attemptLimiter.ts'

describe('the attempt limiter', () => {
  test('lets so many tries through in a window, for each key by itself', () => {
    let nowS = 1_000
    const limiter = new AttemptLimiter({ nowS: () => nowS }, { tries: 2, windowS: 60 })
    const tried = (key: string): string => {
      try {
        limiter.count(key)
        return 'ok'
      } catch (failure) {
        return failure instanceof Error && 'code' in failure ? String(failure.code) : 'other'
      }
    }
    expect([tried('a'), tried('a'), tried('a'), tried('b')]).toEqual(['ok', 'ok', 'rate/too-many', 'ok'])
    nowS += 59
    expect(tried('a')).toBe('rate/too-many')
    nowS += 1
    expect([tried('a'), tried('a'), tried('a')]).toEqual(['ok', 'ok', 'rate/too-many'])
  })
})
