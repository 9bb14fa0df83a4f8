import { describe, expect, test } from 'vitest'
import { decideScore, scoreInForce } from './override.ts'
import { scoreUrgency, type UrgencyScore } from './scoreUrgency.ts'
import { EPISODE_S, NOW_S, wellSet } from './testing.ts'

const seen: UrgencyScore = { ...scoreUrgency({ observations: wellSet(), episodeFromS: EPISODE_S, nowS: NOW_S }), score: 40, floor: 30 }
const rescored = (score: number): UrgencyScore => ({ ...seen, score })
const said = { by: 'dr-1', atS: NOW_S, reason: 'Known baseline of this patient.' }

describe('decideScore', () => {
  test('keeps who, when, why and what was seen; the score itself stays as it is', () => {
    const before = structuredClone(seen)
    expect(decideScore(seen, { ...said, score: 20 })).toEqual({
      ...said,
      score: 20,
      kind: 'lowered',
      sawScore: 40,
      sawFloor: 30,
      sawVersion: seen.version,
    })
    expect(decideScore(seen, { ...said, score: 41 }).kind).toBe('raised')
    expect(seen).toEqual(before)
  })

  test('confirming needs no reason', () => {
    expect(decideScore(seen, { ...said, score: 40, reason: '' }).kind).toBe('confirmed')
  })

  test('error: a change without a reason', () => {
    expect(() => decideScore(seen, { ...said, score: 20, reason: '   because   ' })).toThrowErrorMatchingInlineSnapshot(
      `[UrgencyError: A score was changed without a reason. Say why in at least 10 letters: whoever comes next reads it.]`,
    )
  })

  test.each([{ score: 101 }, { score: -1 }, { score: 50.5 }, { by: '' }, { atS: 1.5 }, { extra: 1 }, { reason: 'x'.repeat(501) }])(
    'error: a decision with %j',
    (wrong) => {
      const input = { ...said, score: 20, ...wrong }
      expect(() => decideScore(seen, input)).toThrow(expect.objectContaining({ name: 'UrgencyError', code: 'urgency/override-malformed' }))
    },
  )
})

describe('scoreInForce', () => {
  const lowered = decideScore(seen, { ...said, score: 20 })
  const raised = decideScore(seen, { ...said, score: 70 })

  test('without a decision the computed score counts', () => {
    expect(scoreInForce(rescored(33), undefined)).toEqual({ score: 33, decision: undefined, lapsed: undefined })
  })

  test('a decision stands while nothing is known that was not decided upon', () => {
    for (const score of [0, 39, 40])
      expect(scoreInForce(rescored(score), lowered)).toEqual({ score: 20, decision: lowered, lapsed: undefined })
    for (const score of [0, 55, 70])
      expect(scoreInForce(rescored(score), raised)).toEqual({ score: 70, decision: raised, lapsed: undefined })
  })

  test('a lowered score lapses when the case gets worse than what the clinician saw, or the rules change', () => {
    expect(scoreInForce(rescored(41), lowered)).toEqual({ score: 41, decision: undefined, lapsed: lowered })
    expect(scoreInForce({ ...seen, version: 'other' }, lowered)).toEqual({ score: 40, decision: undefined, lapsed: lowered })
  })

  test('a lowered score lapses when the case gets worse again after it had got better, for good', () => {
    expect(scoreInForce(rescored(40), lowered, [25])).toEqual({ score: 40, decision: undefined, lapsed: lowered })
    expect(scoreInForce(rescored(22), lowered, [25, 26])).toEqual({ score: 22, decision: undefined, lapsed: lowered })
    for (const since of [
      [30, 25],
      [25, 25],
      [10, 15, 20],
    ])
      expect(scoreInForce(rescored(15), lowered, since).score).toBe(20)
  })

  test('a confirmed score does not fall by lapsing', () => {
    const confirmed = decideScore(seen, { ...said, score: 40, reason: '' })
    expect(scoreInForce(rescored(35), confirmed, [30])).toEqual({ score: 40, decision: confirmed, lapsed: undefined })
    expect(scoreInForce(rescored(41), confirmed, [30]).score).toBe(41)
  })

  test('a raised score lapses only when the computed one is higher', () => {
    expect(scoreInForce(rescored(71), raised)).toEqual({ score: 71, decision: undefined, lapsed: raised })
    expect(scoreInForce({ ...seen, version: 'other' }, raised).score).toBe(70)
  })
})
