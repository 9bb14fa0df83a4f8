import type { MemberStatus } from '@medsync/context/calimero'
import { expect, test } from 'vitest'
import { NodeConvergence, type NodeRank, type NodeStep } from './nodeConvergence.ts'

const GUEST: NodeRank = { isAdmin: false, spread: 0 }
const LOOK_MS = 2_000
const HOUR_MS = 3_600_000

const well: MemberStatus = {
  member: 'mercy',
  isReachable: true,
  isInitialised: true,
  isAnswering: true,
  peers: 2,
  stateHash: 'A',
  comparisons: { equal: 1, different: 0 },
}

/** One node, looked at every two seconds; `look` returns what is to be done. */
function watched(rank: NodeRank = GUEST) {
  const node = new NodeConvergence(0)
  let atMs = 0
  let status = well
  const look = (change: Partial<MemberStatus> = {}, others: readonly string[] = []): NodeStep => {
    atMs += LOOK_MS
    status = { ...status, ...change }
    node.observe(status, atMs)
    node.judge(
      others.map((stateHash) => ({ stateHash, sinceMs: 0 })),
      atMs,
    )
    return node.next(rank, atMs)
  }
  /** Each comparison comes out as said; as many looks as fit. Returns the steps in order. */
  const compareFor = (ms: number, outcome: 'equal' | 'different'): NodeStep[] => {
    const steps: NodeStep[] = []
    for (const untilMs = atMs + ms; atMs < untilMs; ) {
      const { equal, different } = status.comparisons ?? { equal: 0, different: 0 }
      const comparisons = outcome === 'equal' ? { equal: equal + 1, different } : { equal, different: different + 1 }
      const step = look({ comparisons })
      if (step !== 'nothing') steps.push(step)
    }
    return steps
  }
  /** Until its state has not changed for so long that it can be compared. */
  const settle = (): void => {
    for (let looks = 0; looks < 3; looks += 1) look()
  }
  return { node, look, settle, compareFor, nowMs: () => atMs }
}

test('a node that was equal to another one is in step', () => {
  const { node, look } = watched()
  expect(node.state).toBe('starting')
  expect(look()).toBe('nothing')
  expect(node).toMatchObject({ state: 'in-step', equalAtMs: LOOK_MS, repair: undefined })
})

test.each([
  [{ isReachable: false, isInitialised: false, isAnswering: false, stateHash: undefined, comparisons: undefined }, 'away'],
  [{ isInitialised: false, isAnswering: false, stateHash: undefined }, 'waiting'],
  [{ isAnswering: false }, 'not-answering'],
  [{ peers: 0 }, 'alone'],
] as const)('a node that is %o is %s, and nothing is done to it', (change, state) => {
  const { node, look } = watched()
  look()
  expect(look(change)).toBe('nothing')
  expect(node.state).toBe(state)
})

test('one comparison that found a difference asks for another one, and shows nothing yet', () => {
  const { node, look, settle } = watched()
  settle()
  expect(look({ comparisons: { equal: 1, different: 1 } })).toBe('compare')
  expect(node).toMatchObject({ state: 'in-step', repair: undefined })
  expect(look({ comparisons: { equal: 2, different: 1 } })).toBe('nothing')
  expect(node).toMatchObject({ state: 'in-step', repair: undefined })
})

test('a difference that stays is shown, its copy is replaced, and what is ours is filed again', () => {
  const { node, look, settle, compareFor } = watched()
  settle()
  const steps = compareFor(42_000, 'different')
  expect(steps.slice(0, 2)).toEqual(['compare', 'compare'])
  expect(steps.at(-1)).toBe('replace-copy')
  expect(node.state).toBe('synchronising')
  expect(look({ stateHash: 'B' })).toBe('file-again')
  look({ comparisons: { equal: 2, different: 30 } })
  expect(node).toMatchObject({ state: 'in-step', repair: undefined })
})

test('a node that was stuck or away is the first whose copy is replaced, the administrator’s the last', () => {
  const untilReplaced = (rank: NodeRank, trouble: boolean): number => {
    const { look, settle, compareFor } = watched(rank)
    settle()
    if (trouble) look({ isAnswering: false })
    look({ isAnswering: true })
    for (let seconds = 2; ; seconds += 2) if (compareFor(LOOK_MS, 'different').includes('replace-copy')) return seconds
  }
  const troubled = untilReplaced(GUEST, true)
  const guest = untilReplaced(GUEST, false)
  const keeper = untilReplaced({ isAdmin: true, spread: 0 }, false)
  expect([troubled < guest, guest < keeper, keeper < 50]).toEqual([true, true, true])
})

test('a node is not replaced for a difference from before it was away, nor while others may be stuck', () => {
  const { look, compareFor } = watched()
  look()
  compareFor(20_000, 'different')
  look({ isReachable: false, isAnswering: false, stateHash: undefined, comparisons: undefined })
  look({ isReachable: true, isAnswering: true, stateHash: 'A', comparisons: { equal: 0, different: 0 } })
  expect(compareFor(28_000, 'different')).not.toContain('replace-copy')
  expect(compareFor(10_000, 'different')).toContain('replace-copy')
})

test('a difference of more than a minute is told as apart, since it began', () => {
  const { node, settle, compareFor } = watched()
  settle()
  compareFor(70_000, 'different')
  expect(node).toMatchObject({ state: 'apart', stateSinceMs: 4 * LOOK_MS })
  compareFor(4_000, 'equal')
  expect(node.state).toBe('in-step')
})

test('error: a member that always says another state than all others costs no copy, however long it goes on', () => {
  const { node, look } = watched()
  look()
  const steps = new Set<NodeStep>()
  for (let turn = 1; turn <= 2_000; turn += 1) {
    // In turns with the liar and with an honest node.
    steps.add(look({ comparisons: { equal: 1 + Math.floor(turn / 10), different: Math.floor((turn + 5) / 10) } }))
  }
  expect([...steps].toSorted()).toEqual(['compare', 'nothing'])
  expect(node.state).toBe('in-step')
})

test('error: where the only other member always says another state, the copy is replaced three times, then once an hour', () => {
  const { look, compareFor, nowMs } = watched()
  look()
  const steps: [hour: number, step: NodeStep][] = []
  while (nowMs() < 3.9 * HOUR_MS) for (const step of compareFor(LOOK_MS, 'different')) steps.push([Math.floor(nowMs() / HOUR_MS), step])
  const replaced = steps.filter(([, step]) => step === 'replace-copy').map(([hour]) => hour)
  expect(replaced).toEqual([0, 0, 0, 1, 2, 3])
  // After the first minute one a minute.
  expect(steps.filter(([hour, step]) => hour === 2 && step === 'compare').length).toBeLessThanOrEqual(60)
})

test('while something is written all the time, a difference is none yet', () => {
  const { node, look } = watched()
  look()
  for (let turn = 1; turn < 100; turn += 1)
    expect(look({ stateHash: `written ${turn}`, comparisons: { equal: 1, different: turn } })).toBe('nothing')
  expect(node.state).toBe('in-step')
  look()
  // Once it is quiet, it is compared; what was found before counts for nothing.
  expect(look()).toBe('compare')
  expect(look({ comparisons: { equal: 1, different: 100 } })).toBe('nothing')
  expect(node.state).toBe('in-step')
})

test('two nodes of one gateway that differ are noticed without a comparison of theirs', () => {
  const { node, look } = watched()
  look()
  look()
  expect(look({}, ['B'])).toBe('compare')
  expect(look({}, ['B', 'A'])).toBe('nothing')
  expect(node.state).toBe('in-step')
})

test('a node that was started anew counts from zero again', () => {
  const { node, look, settle } = watched()
  settle()
  look({ comparisons: { equal: 50, different: 9 } })
  expect(look({ comparisons: { equal: 0, different: 1 } })).toBe('compare')
  look({ comparisons: { equal: 1, different: 1 } })
  expect(node.state).toBe('in-step')
})

test('metrics that cannot be read say nothing', () => {
  const { node, look } = watched()
  look({ comparisons: { equal: 5, different: 5 } })
  look({ comparisons: undefined })
  expect(look({ comparisons: { equal: 5, different: 5 } })).toBe('nothing')
  expect(node.equalAtMs).toBe(LOOK_MS)
})
