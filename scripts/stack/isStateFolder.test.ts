import { expect, test } from 'vitest'
import { isStateFolder } from './isStateFolder.ts'

test('everything that a start leaves is known', () => {
  const left = [
    'state.json',
    'chain',
    'deployment.json',
    'tenants.json',
    'tenants.json.part',
    'development-accounts.json',
    'master.key',
    'master.key.0a1b2c3d',
  ]
  expect(isStateFolder([...left, 'database', 'database.lock', 'database.in-use', 'logs', 'lock', 'lock.in-use'])).toBe(true)
})

test('error: a folder with anything else is not deleted', () => {
  expect(isStateFolder(['state.json', 'Documents'])).toBe(false)
})
