import { expect, test } from 'vitest'
import { addressOf } from './addressOf.ts'

test('a client is its IPv4 address, or the /64 of its IPv6 address', () => {
  expect(addressOf({ ip: '192.0.2.7' })).toBe('192.0.2.7')
  expect(addressOf({ ip: '::ffff:192.0.2.7' })).toBe('192.0.2.7')
  expect(addressOf({ ip: '::ffff:c000:0207' })).toBe('192.0.2.7')
  expect(addressOf({ ip: '2001:db8:1:2:3:4:5:6' })).toBe(addressOf({ ip: '2001:db8:1:2::9' }))
  expect(addressOf({ ip: '2001:db8:1:3::9' })).not.toBe(addressOf({ ip: '2001:db8:1:2::9' }))
})

test('error: what is no address is one client, however it is spelt', () => {
  expect(addressOf({ ip: 'a'.repeat(10_000) })).toBe(addressOf({ ip: 'for=unknown' }))
})
