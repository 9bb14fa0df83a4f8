import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inLanes } from './inLanes.ts'

test('results come in the order of the items, whoever is done first', async () => {
  expect(await inLanes(2, [30, 1, 20, 2], async (ms) => sleep(ms, ms))).toEqual([30, 1, 20, 2])
})

test('no more than so many at a time', async () => {
  let now = 0
  let most = 0
  await inLanes(2, [1, 2, 3, 4, 5], async () => {
    most = Math.max(most, ++now)
    await sleep(1)
    now--
  })
  expect(most).toBe(2)
})

test('error: after a failure nothing new is begun', async () => {
  const begun: number[] = []
  const work = async (item: number): Promise<void> => {
    begun.push(item)
    if (item === 1) throw new RangeError('first')
  }
  await expect(inLanes(1, [1, 2, 3], work)).rejects.toThrow('first')
  expect(begun).toEqual([1])
})
