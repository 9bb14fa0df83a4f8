import { expect, test } from 'vitest'
import { ChoreError } from '../choreError.ts'
import { localPeople, withHospital } from './addedHospitals.ts'

const riverside = { slug: 'riverside', name: 'Riverside Clinic' }

test('a hospital is added once, with a gateway and a records office of accounts that nobody else has', () => {
  const once = withHospital([], riverside)
  expect(withHospital(once, riverside)).toEqual(once)
  const { organisations, more } = localPeople(withHospital(once, { slug: 'hillside', name: 'Hillside' }))
  expect(organisations.slice(-2)).toEqual([
    { ...riverside, role: 'hospital' },
    { slug: 'hillside', name: 'Hillside', role: 'hospital' },
  ])
  expect(more.map(({ index, label }) => `${index} ${label}`)).toEqual([
    '16 Gateway of Riverside Clinic',
    '17 Riverside Clinic, records office',
    '18 Gateway of Hillside',
    '19 Hillside, records office',
  ])
})

test.each([
  ['a name that is no short name', { slug: 'River Side', name: 'Riverside Clinic' }, 'hospital/name'],
  ['no full name', { slug: 'riverside', name: '' }, 'hospital/name'],
  ['a name longer than the chain takes', { slug: 'riverside', name: 'R'.repeat(32) }, 'hospital/name'],
  ['the short name of another hospital', { slug: 'mercy', name: 'Mercy Two' }, 'hospital/taken'],
])('error: %s', (_, hospital, code) => {
  expect(() => withHospital([], hospital)).toThrow(expect.objectContaining({ code }))
})

test('error: more hospitals than the local chain has accounts for', () => {
  const two = withHospital(withHospital([], riverside), { slug: 'hillside', name: 'Hillside' })
  expect(() => withHospital(two, { slug: 'seaside', name: 'Seaside' })).toThrow(ChoreError)
})
