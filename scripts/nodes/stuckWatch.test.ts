import { expect, test } from 'vitest'
import { StuckWatch } from './stuckWatch.ts'

const access = { url: 'http://127.0.0.1:9', username: 'medsync', password: 'p' }
const forever = new Promise<'never'>((resolve) => setTimeout(() => resolve('never'), 100))

/** A running node, and a watch of it for which it is stuck or not in this order; from then on it is not. */
function watchWith(...answers: boolean[]) {
  const node = { access, child: { isRunning: () => true } }
  const patience: number[] = []
  const isStuck = async (_: unknown, patienceMs: number): Promise<boolean> => {
    patience.push(patienceMs)
    return answers.shift() ?? false
  }
  return { node, patience, watch: new StuckWatch({ isStuck, lookEveryMs: 1 }) }
}

test('a node that answers no more is told, after half a minute at the longest', async () => {
  const { watch, node, patience } = watchWith(false, false, true)
  expect(await watch.untilStuck(node)).toBe('stuck')
  expect(patience).toEqual([20_000, 20_000, 20_000])
})

test('a new start that did not help is given longer, one that did is not', async () => {
  const { watch, node, patience } = watchWith(true, true, true, true, false, true)
  for (let start = 0; start < 5; start += 1) await watch.untilStuck(node)
  expect(patience).toEqual([20_000, 40_000, 60_000, 60_000, 60_000, 20_000])
})

test('a node that ended is not stuck', async () => {
  const { watch, node } = watchWith(true)
  const ended = { ...node, child: { isRunning: () => false } }
  expect(await Promise.race([watch.untilStuck(ended), forever])).toBe('never')
})
