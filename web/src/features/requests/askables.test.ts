import { type Grant, purposeOf, type StudyView, slugToOrganisationId } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { askablesOf } from './askables.ts'

const [mercy, stclare] = [slugToOrganisationId('mercy'), slugToOrganisationId('stclare')]
const grant = (change: Partial<Grant['terms']> = {}): Grant =>
  ({
    commitment: '0x1',
    patient: '0x2',
    terms: { purposes: ['HRESCH'], categories: ['vitals', 'laboratory'], notBeforeS: 0, ...change },
    hospitals: [mercy, stclare],
    grantedAtS: 1,
  }) as unknown as Grant
const study = (purpose: string, categories: string[]): StudyView =>
  ({ purposeIndex: purposeOf(purpose).index, details: { categories } }) as unknown as StudyView

test('each hospital that holds a record can be asked for what study and consent share', () => {
  const found = askablesOf([grant()], study('DSRCH', ['vitals', 'claims']), 10)
  expect(found.map(({ hospital, categories, obstacle }) => [hospital, categories, obstacle])).toEqual([
    [mercy, ['vitals'], undefined],
    [stclare, ['vitals'], undefined],
  ])
})

test('what would be refused is said before anything is paid', () => {
  expect(askablesOf([grant({ purposes: ['TREAT'] })], study('DSRCH', ['vitals']), 10)[0]?.obstacle).toBe('other-purpose')
  expect(askablesOf([grant()], study('DSRCH', ['claims']), 10)[0]?.obstacle).toBe('outside-categories')
  expect(askablesOf([{ ...grant(), hospitals: [] }], study('DSRCH', ['vitals']), 10)[0]?.obstacle).toBe('no-hospital')
  expect(askablesOf([grant({ notBeforeS: 11 })], study('DSRCH', ['vitals']), 10)[0]?.obstacle).toBe('not-yet-valid')
})
