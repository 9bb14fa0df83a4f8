import { expect, test } from 'vitest'
import { type HospitalRecord, searchRecords } from './useHospitalRecords.ts'

const record = (name: string, birthDate: string): HospitalRecord => ({ name, birthDate }) as HospitalRecord
const records = [record('Luis Muller', '1999-02-01'), record('Leonie Becker', '1971-11-30')]

test('a record is found by parts of its name and birth date, in any order', () => {
  expect(searchRecords(records, 'mull lui')).toEqual([records[0]])
  expect(searchRecords(records, '1971 becker')).toEqual([records[1]])
  expect(searchRecords(records, '  ')).toEqual(records)
})

test('error: a word that fits nobody finds nobody', () => {
  expect(searchRecords(records, 'Luis 1971')).toEqual([])
})
