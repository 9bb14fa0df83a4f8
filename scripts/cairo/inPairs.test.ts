import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inPairs } from './inPairs.ts'

test('results come in the order of the items, whoever is done first', async () => {
  expect(await inPairs([30, 1, 20, 2], async (ms) => sleep(ms, ms), 2)).toEqual([30, 1, 20, 2])
})

test('no more than so many at a time', async () => {
  let now = 0
  let most = 0
  await inPairs(
    [1, 2, 3, 4, 5],
    async () => {
      most = Math.max(most, ++now)
      await sleep(1)
      now--
    },
    2,
  )
  expect(most).toBe(2)
})

test('error: after a failure nothing new is begun', async () => {
  const begun: number[] = []
  const work = async (item: number): Promise<void> => {
    begun.push(item)
    if (item === 1) throw new RangeError('first')
  }
  await expect(inPairs([1, 2, 3], work, 1)).rejects.toThrow('first')
  expect(begun).toEqual([1])
})
