import { expect, test } from 'vitest'
import { GuestClock } from './guestClock.ts'

test('the time follows the machine’s, and two readings in one millisecond differ', () => {
  let nowMs = 1_000
  const clock = new GuestClock(0n, () => nowMs)
  expect([clock.read(), clock.read()]).toEqual([1_000_000_000n, 1_000_001_000n])
  nowMs = 1_001
  expect(clock.read()).toBe(1_001_000_000n)
})

test('the time goes on when somebody sets the machine’s clock back, also over a restart', () => {
  let nowMs = 1_000
  const clock = new GuestClock(0n, () => nowMs)
  clock.read()
  nowMs = 10
  expect(clock.read()).toBe(1_000_001_000n)
  expect(new GuestClock(clock.lastNs, () => nowMs).read()).toBe(1_000_002_000n)
})
