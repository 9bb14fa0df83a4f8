import { COHORT_FIELDS } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { binsOf, crossTableOf } from './resultCells.ts'

test('bins are named by their borders, and what is withheld stays so', () => {
  expect(binsOf([0, 0.5, 1], [30, null])).toEqual([
    { label: '0 – 0.5', people: 30 },
    { label: '0.5 – 1', people: null },
  ])
})

test('a table stands the same whichever side was asked for as rows', () => {
  const [ages, genders] = [COHORT_FIELDS.ageDecade.length, COHORT_FIELDS.gender.length]
  const people = (age: number, gender: number): number => 100 * age + gender
  const byAge = Array.from({ length: ages * genders }, (_, at) => people(Math.floor(at / genders), at % genders))
  const byGender = Array.from({ length: ages * genders }, (_, at) => people(at % ages, Math.floor(at / ages)))
  const one = crossTableOf({ rows: 'ageDecade', columns: 'gender' }, {}, byAge)
  expect(crossTableOf({ rows: 'gender', columns: 'ageDecade' }, {}, byGender)).toEqual(one)
  expect(one.rows[3]).toEqual({ label: '30-39', cells: [300, 301, 302, 303] })
})

test('what the question left out is not shown as if nobody were there', () => {
  const cells = Array.from({ length: 48 }, (_, at) => at)
  const table = crossTableOf({ rows: 'ageDecade', columns: 'gender' }, { ageDecade: [6], gender: [0, 1] }, cells)
  expect(table.across).toEqual(['female', 'male'])
  expect(table.rows).toEqual([{ label: '60-69', cells: [24, 25] }])
})
