import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSums } from './openSums.ts'
import { checkQuestion, MAX_PEOPLE, type Question } from './question.ts'
import { sharingRound } from './round.ts'
import { playSum, seededDraw } from './sharing-play.ts'
import { type Answer, answerTo, contributionTo, type Data, valuesIn, withheldCells } from './statistics.ts'
import { type FieldVector, toBigInts } from './vectors.ts'

const round = sharingRound(['mercy', 'lakeside', 'stclare'], 2)
const systolic = { min: 0, max: 400, decimals: 1 }
const tenths = fc.integer({ min: 0, max: 4_000 }).map((value) => value / 10)
const code = (value: string) => expect.objectContaining({ code: value })

describe('statistics over three hospitals', () => {
  test('are those of all numbers together', () => {
    const data = fc.array(fc.array(tenths, { maxLength: 40 }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(data, fc.nat(), (parts, seed) => {
        const all = parts.flat()
        const ask = (kind: 'sum' | 'mean' | 'variance') => numberOf(play({ kind, range: systolic }, parts, seed))
        fc.pre(all.length >= 20)
        const sum = all.reduce((a, b) => a + b, 0)
        const mean = sum / all.length
        expect(ask('sum')).toBeCloseTo(sum, 6)
        expect(ask('mean')).toBeCloseTo(mean, 9)
        expect(ask('variance')).toBeCloseTo(all.reduce((a, b) => a + (b - mean) ** 2, 0) / (all.length - 1), 6)
        expect(numberOf(play({ kind: 'count' }, parts, seed))).toBe(all.length)
      }),
      { seed: 8, numRuns: 100 },
    )
  })

  test('a histogram counts each bin without its upper edge, and a hospital without data adds nothing', () => {
    const parts = [Array<number>(25).fill(0), Array<number>(30).fill(9.99), []]
    expect(play({ kind: 'histogram', edges: [0, 5, 10, 20] }, parts)).toEqual({ kind: 'histogram', cohort: 55, cells: [25, 30, 0] })
  })

  test('a cross-table counts pairs, row by row', () => {
    const pairs = (count: number, row: number, column: number) => Array<[number, number]>(count).fill([row, column])
    const parts = [pairs(20, 0, 1), pairs(21, 1, 2), [...pairs(20, 0, 1), ...pairs(22, 1, 0)]]
    expect(play({ kind: 'crossTable', rows: 2, columns: 3 }, parts)).toEqual({
      kind: 'crossTable',
      cohort: 83,
      cells: [0, 40, 0, 22, 0, 21],
    })
  })

  test('a negative range, and no digit lost: the squares of 10,000 largest values', () => {
    const range = { min: -50, max: 50, decimals: 2 }
    const parts = [Array<number>(5_000).fill(-50), Array<number>(5_000).fill(50), []]
    expect(numberOf(play({ kind: 'mean', range }, parts))).toBe(0)
    expect(numberOf(play({ kind: 'variance', range }, parts))).toBeCloseTo((10_000 * 2_500) / 9_999, 9)
  })
})

describe('what is withheld', () => {
  test('everything of fewer than 20 people', () => {
    expect(play({ kind: 'mean', range: systolic }, [Array<number>(10).fill(1), Array<number>(9).fill(2), []])).toEqual({ kind: 'withheld' })
    expect(play({ kind: 'mean', range: systolic }, [Array<number>(10).fill(1), Array<number>(10).fill(2), []])).toMatchObject({
      cohort: 20,
    })
  })

  test('a small cell, and one more, so that the total does not give it back', () => {
    expect(withheldCells([100, 3, 0, 40])).toEqual([100, null, 0, null])
    expect(withheldCells([100, 3, 0, 18, 40])).toEqual([100, null, 0, null, 40])
    expect(withheldCells([100, 3, 4, 40])).toEqual([100, null, null, null])
    expect(withheldCells([20, 0, 50])).toEqual([20, 0, 50])
    expect(withheldCells([3])).toEqual([null])
  })

  test('no cell below the minimum is ever told, and the withheld ones are 20 people or all', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 12 }), (cells) => {
        const told = withheldCells(cells)
        const withheld = cells.filter((_, cell) => told[cell] === null)
        expect(told.every((cell) => cell === null || cell === 0 || cell >= 20)).toBe(true)
        const hides = withheld.length === 0 || withheld.reduce((a, b) => a + b, 0) >= 20
        expect(hides || told.every((cell) => cell === null || cell === 0)).toBe(true)
        if (withheld.length === 1) expect(told.filter((cell) => cell !== null && cell > 0)).toEqual([])
      }),
      { seed: 20, numRuns: 500 },
    )
  })
})

describe('what is refused', () => {
  test.each<[string, Question]>([
    ['a range upside down', { kind: 'mean', range: { min: 5, max: 4, decimals: 0 } }],
    ['no number as a bound', { kind: 'mean', range: { min: Number.NaN, max: 4, decimals: 0 } }],
    ['half a decimal', { kind: 'mean', range: { min: 0, max: 4, decimals: 0.5 } }],
    ['a sum that could overflow', { kind: 'sum', range: { min: 0, max: 2.4e11, decimals: 0 } }],
    ['squares that could overflow', { kind: 'variance', range: { min: 0, max: 480_200, decimals: 0 } }],
    ['edges that do not rise', { kind: 'histogram', edges: [0, 5, 5] }],
    ['one edge', { kind: 'histogram', edges: [0] }],
    ['a table without columns', { kind: 'crossTable', rows: 2, columns: 0 }],
    ['a huge table', { kind: 'crossTable', rows: 101, columns: 100 }],
  ])('error: %s', (_, question) => {
    expect(() => checkQuestion(question)).toThrow(code('sharing/bad-question'))
  })

  test('the widest ranges that are taken do not overflow with everybody at their end', () => {
    for (const [kind, max, power] of [
      ['sum', 230_000_000_000, 1n],
      ['variance', 480_000, 2n],
    ] as const) {
      checkQuestion({ kind, range: { min: 0, max, decimals: 0 } })
      expect(BigInt(max) ** power * BigInt(MAX_PEOPLE)).toBeLessThan(round.field.prime)
    }
  })

  test.each<[string, Question, Data]>([
    ['a value above the range', { kind: 'mean', range: systolic }, [400.1]],
    ['a value below it', { kind: 'mean', range: systolic }, [-0.1]],
    ['no number', { kind: 'mean', range: systolic }, [Number.NaN]],
    ['a pair where a number is asked', { kind: 'mean', range: systolic }, [[1, 2]]],
    ['a value on the last edge', { kind: 'histogram', edges: [0, 5] }, [5]],
    ['a value before the first', { kind: 'histogram', edges: [0, 5] }, [-1]],
    ['a row too many', { kind: 'crossTable', rows: 2, columns: 2 }, [[2, 0]]],
    ['a number where a pair is asked', { kind: 'crossTable', rows: 2, columns: 2 }, [1]],
  ])('error: %s', (_, question, data) => {
    expect(() => contributionTo(question, data)).toThrow(code('sharing/number-out-of-range'))
  })

  test('error: sums that no people can have', () => {
    expect(() => answerTo({ kind: 'histogram', edges: [0, 5] }, 30n, [29n])).toThrow(code('sharing/impossible-sums'))
    expect(() => answerTo({ kind: 'variance', range: systolic }, 30n, [100n, 1n])).toThrow(code('sharing/impossible-sums'))
    expect(() => answerTo({ kind: 'mean', range: systolic }, 30n, [30n * 4_000n + 1n])).toThrow(code('sharing/impossible-sums'))
    expect(() => answerTo({ kind: 'count' }, BigInt(MAX_PEOPLE) + 1n, [])).toThrow(code('sharing/impossible-sums'))
  })
})

/** The whole protocol in one place: the count first, the values only of a cohort that is large enough. */
function play(question: Question, parts: readonly Data[], seed = 1): Answer {
  const contributions = parts.map((data) => contributionTo(question, data))
  const [cohort] = open(
    contributions.map(({ count }) => count),
    seed,
  )
  const values =
    valuesIn(question) === 0
      ? []
      : open(
          contributions.map(({ values }) => values),
          seed + 1,
        )
  return answerTo(question, cohort!, values)
}

function open(inputs: readonly FieldVector[], seed: number): bigint[] {
  const { sums, evidence } = playSum(round, inputs, seededDraw(seed))
  return toBigInts(openSums(round, sums, evidence).secrets)
}

const numberOf = (answer: Answer): number => ('value' in answer ? answer.value : Number.NaN)
