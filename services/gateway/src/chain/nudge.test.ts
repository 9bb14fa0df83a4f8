import { describe, expect, test } from 'vitest'
import { Nudge } from './nudge.ts'

const LONG_MS = 60_000

describe('Nudge', () => {
  test('wakes a loop that sleeps, and lets one that works skip its next sleep', async () => {
    const nudge = new Nudge()
    const sleeping = nudge.sleep(LONG_MS)
    nudge.now()
    await sleeping
    nudge.now()
    await nudge.sleep(LONG_MS)
  })

  test('a turn that had begun before does not count: what it read may be older than the question', async () => {
    const nudge = new Nudge()
    const running = nudge.began()
    let isDone = false
    const waiting = nudge.nextTurn(LONG_MS).then(() => {
      isDone = true
    })
    nudge.ended(running)
    await Promise.resolve()
    expect(isDone).toBe(false)
    nudge.ended(nudge.began())
    await waiting
    expect(isDone).toBe(true)
  })

  test('nobody waits for ever', async () => {
    expect(await new Nudge().nextTurn(1)).toBe(false)
  })
})
