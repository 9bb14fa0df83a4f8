import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { readCursor, writeCursor } from './pageCursor.ts'

const place = z.object({ at: z.number() })

describe('a page cursor', () => {
  test('comes back as the place it was made of', () => {
    expect(readCursor(writeCursor({ at: 5 }), place)).toEqual({ at: 5 })
    expect(readCursor(undefined, place)).toBeUndefined()
  })

  test('error: what we did not write', () => {
    for (const cursor of ['', 'x', writeCursor({ at: 'five' }), writeCursor([])]) {
      expect(() => readCursor(cursor, place)).toThrow(expect.objectContaining({ code: 'input/invalid' }))
    }
  })
})
