import { ContextUnavailableError } from '@medsync/context'
import type { MemberStatus } from '@medsync/context/calimero'
import { NodeAwayError } from '@medsync/context/engine'
import { organisationId } from '@medsync/protocol'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { NodeWatch } from './nodeWatch.ts'

const NAMES = ['mercy', 'lakeside', 'stclare'] as const
type Name = (typeof NAMES)[number]

/** A gateway with three nodes; `hashes` is what each has, and a replaced copy is mercy's. */
function watched() {
  const hashes: Record<Name, string> = { mercy: 'A', lakeside: 'A', stclare: 'A' }
  const done: string[] = []
  const changes: string[] = []
  let nowMs = 0
  let failure: Error | undefined
  const storeFailures: true[] = []
  const executors: Record<string, string> = { mercy: '00'.repeat(32), lakeside: '10'.repeat(32), stclare: '20'.repeat(32) }
  const statusOf = (member: Name): MemberStatus => {
    const stateHash = hashes[member]
    return { member, isReachable: true, isInitialised: true, isAnswering: true, peers: 2, stateHash, comparisons: undefined }
  }
  const engine = {
    status: async () => NAMES.map(statusOf),
    compare: async (member: string) => {
      done.push(`compare ${member}`)
      if (failure !== undefined) throw failure
    },
    replaceCopy: async (member: string) => {
      done.push(`replace-copy ${member}`)
      for (const name of NAMES) if (name === member) hashes[name] = hashes.mercy
    },
  }
  const circle = {
    seats: NAMES.map((name, at) => ({ name, organisation: organisationId(`0x${at + 1}`) })),
    nodes: async () => undefined,
    members: async () => {
      throw new ContextUnavailableError()
    },
    executorOf: async ({ name }: { name: string }) => executors[name] ?? '',
  }
  const watch = new NodeWatch({
    circle,
    clock: { nowS: () => 1_000_000 + Math.round(nowMs / 1_000) },
    log: pino({ level: 'silent' }),
    nowMs: () => nowMs,
    doubtFilings: async () => {
      done.push('doubt')
      if (storeFailures.shift() !== undefined) throw new TypeError('the database is away')
    },
    requestSync: () => void done.push('file'),
  })
  watch.subscribe(() => changes.push(watch.worst()?.state ?? ''))
  const lookFor = async (ms: number): Promise<void> => {
    for (const untilMs = nowMs + ms; nowMs < untilMs; ) {
      nowMs += 2_000
      await watch.look(engine)
    }
  }
  const fail = (error: Error | undefined): void => {
    failure = error
  }
  return { hashes, done, changes, watch, lookFor, fail, storeFailures }
}

test('nodes with the same state are in step, and nothing is done to them', async () => {
  const { watch, done, lookFor } = watched()
  expect(watch.worst()).toBeUndefined()
  await lookFor(60_000)
  expect(watch.report().map(({ state }) => state)).toEqual(['in-step', 'in-step', 'in-step'])
  expect(watch.worst()).toEqual({ state: 'in-step', sinceS: 1_000_002 })
  expect(done).toEqual([])
})

test('of three nodes the one that differs is repaired within a minute, and no other one', async () => {
  const { hashes, watch, done, changes, lookFor } = watched()
  await lookFor(10_000)
  hashes.stclare = 'B'
  await lookFor(60_000)
  expect(new Set(done.filter((step) => step.startsWith('compare')))).toEqual(new Set(['compare stclare']))
  expect(done.slice(-4)).toEqual(['doubt', 'replace-copy stclare', 'doubt', 'file'])
  expect(watch.worst()?.state).toBe('in-step')
  expect(changes).toEqual(['in-step', 'synchronising', 'in-step'])
})

test('error: a node that does not take a repair does not keep it from the others', async () => {
  const { hashes, watch, done, lookFor, fail } = watched()
  await lookFor(10_000)
  fail(new NodeAwayError('too slow'))
  Object.assign(hashes, { lakeside: 'C', stclare: 'B' })
  await lookFor(30_000)
  expect(done).toContain('compare lakeside')
  expect(done).toContain('compare stclare')
  expect(watch.worst()?.state).toBe('synchronising')
})

test('error: what is ours is filed again also when the database is away at first', async () => {
  const { hashes, done, lookFor, storeFailures } = watched()
  await lookFor(10_000)
  hashes.stclare = 'B'
  while (!done.includes('replace-copy stclare')) await lookFor(2_000)
  storeFailures.push(true)
  await expect(lookFor(2_000)).rejects.toThrow('the database is away')
  expect(done).not.toContain('file')
  await lookFor(2_000)
  expect(done.slice(-3)).toEqual(['doubt', 'doubt', 'file'])
})

test('two copies are not replaced at the same time', async () => {
  const { hashes, done, lookFor } = watched()
  await lookFor(10_000)
  Object.assign(hashes, { lakeside: 'C', stclare: 'B' })
  await lookFor(56_000)
  const replaced = done.filter((step) => step.startsWith('replace-copy'))
  expect(replaced.length).toBeGreaterThan(0)
  expect(done.join(' ')).not.toMatch(/replace-copy \w+ (?:doubt )*replace-copy/)
})
