import { expect, test } from 'vitest'
import { degreesOf } from './degreesOf.ts'
import { distanceWords, movingWords } from './placeWords.ts'

test('a place is read as maps give it', () => {
  expect(degreesOf('52.5251, 13.3765')).toEqual({ latitude: 52.5251, longitude: 13.3765 })
  expect(degreesOf(' -33.9;151.2 ')).toEqual({ latitude: -33.9, longitude: 151.2 })
})

test('error: what is no place on earth is none', () => {
  expect(['', '52', '91, 0', '0, 181', '52,5 13,3', 'here, there'].map(degreesOf)).toEqual(Array(6).fill(undefined))
})

test('distances and what a patient agreed to are said in words', () => {
  expect([0, 0.2, 12.4].map(distanceWords)).toEqual(['here', 'here', '12 km away'])
  expect(movingWords({ facility: null, mayBeMoved: false, maxKm: 30 })).toBe('Has not agreed to be moved')
  expect(movingWords({ facility: null, mayBeMoved: true, maxKm: null })).toBe('May be moved any distance')
})
