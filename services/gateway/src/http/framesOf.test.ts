import { describe, expect, test } from 'vitest'
import { RecordError } from '../gatewayErrors.ts'
import { framesOf } from './framesOf.ts'

describe('framesOf', () => {
  test('says what kind of failure it was and where, with its causes, and never its message', () => {
    const cause = new SyntaxError('Unexpected token in "Asthma of Ada"')
    const frames = framesOf(new RecordError('record/damaged', 'mercy|1|part|conditions', { cause }))
    expect(frames).toMatchObject({ name: 'RecordError', code: 'record/damaged', cause: { name: 'SyntaxError' } })
    expect(frames?.frames[0]).toMatch(/^at .*framesOf\.test\.ts/)
    expect(JSON.stringify(frames)).not.toMatch(/Ada|Asthma|conditions/)
  })

  test('a message of several lines leaves no line behind', () => {
    const failure = new Error('first\n    at Ada of Fig Lane\nthird')
    expect(JSON.stringify(framesOf(failure))).not.toContain('third')
  })

  test('what was thrown and is no error is named by its type', () => {
    expect(framesOf('Ada')).toEqual({ name: 'string', frames: [] })
    expect(framesOf(undefined)).toBeUndefined()
  })
})
