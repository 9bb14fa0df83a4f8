import { AlreadyInitialisedError, EngineClosedError } from '@medsync/context/engine'
import { expect, test } from 'vitest'
import { failureOf, openEngine, temporaryFolder } from './engineStage.ts'

test('error: before the circle has a state every call says so, and afterwards it is not made again', async () => {
  const engine = await openEngine({ folder: await temporaryFolder() })
  expect(await failureOf(engine.call('mercy', 'get', {}))).toBe(
    'NotInitialisedError: The circle has no state yet. Initialise it once, in the name of its keeper.',
  )
  await engine.initialise('mercy', {})
  await engine.call('mercy', 'put', { n: 1 })
  await expect(engine.initialise('lakeside', {})).rejects.toThrow(AlreadyInitialisedError)
  expect(await engine.call('mercy', 'get', {})).toEqual({ n: 1 })
})

const bad: [what: string, member: string, method: string, args: Record<string, unknown>, failure: string][] = [
  ['an unknown method', 'mercy', 'nothing_like_it', {}, 'MethodUnknownError: The app has no such method. (nothing_like_it)'],
  ['a method that is the runtime’s own', 'mercy', '__calimero_sync_next', {}, 'MethodUnknownError'],
  ['init as a call', 'mercy', 'init', {}, 'MethodUnknownError'],
  ['the memory as a method', 'mercy', 'memory', {}, 'MethodUnknownError'],
  ['a method name of 257 bytes', 'mercy', 'm'.repeat(257), {}, 'method name, at most 256'],
  ['a method name that holds a value', 'mercy', 'get?patient=marked', {}, 'MethodUnknownError: The app has no such method. Compare'],
  ['a caller that is no member', 'nobody', 'get', {}, 'UnknownMemberError: No member of that name is known here. (nobody)'],
  ['a caller that is a path', '../mercy', 'get', {}, 'UnknownMemberError: No member of that name is known here. Add'],
  [
    'arguments that are no JSON',
    'mercy',
    'put',
    { n: 1n },
    'ArgumentError: The arguments do not fit the method. (put: they cannot be written as JSON)',
  ],
  [
    'arguments above 2 MiB',
    'mercy',
    'put',
    { n: 'x'.repeat(2_097_152) },
    'LimitError: The call went over a limit. (put: arguments, at most 2097152)',
  ],
]

test.each(bad)('error: %s', async (_what, member, method, args, failure) => {
  const engine = await openEngine({ folder: await temporaryFolder() })
  await engine.initialise('mercy', {})
  await engine.call('mercy', 'put', { n: 1 })
  const said = await failureOf(engine.call(member, method, args))
  expect(said).toContain(failure)
  expect(said).not.toContain('marked')
  expect(await engine.call('mercy', 'get', {})).toEqual({ n: 1 })
})

test('calls made at once run one after the other, in order', async () => {
  const engine = await openEngine({ folder: await temporaryFolder() })
  await engine.initialise('mercy', {})
  const events = engine.events()[Symbol.asyncIterator]()
  await Promise.all(Array.from({ length: 20 }, (_, n) => engine.call(n % 2 === 0 ? 'mercy' : 'lakeside', 'put', { n })))
  expect(await engine.call('mercy', 'get', {})).toEqual({ n: 19 })
  const ids: string[] = []
  for (let n = 0; n < 20; n += 1) ids.push((await events.next()).value.id)
  expect(ids).toEqual(Array.from({ length: 20 }, (_, n) => `${n + 2}-0`))
})

test('a signal ends the waiting, and a call that had not begun does not happen', async () => {
  const engine = await openEngine({ folder: await temporaryFolder() })
  await engine.initialise('mercy', {})
  const stop = new AbortController()
  const first = engine.call('mercy', 'put', { n: 1 })
  const second = engine.call('mercy', 'put', { n: 2 }, { signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(second).rejects.toThrow('enough')
  await first
  expect(await engine.call('mercy', 'get', {})).toEqual({ n: 1 })
  await expect(engine.call('mercy', 'get', {}, { signal: stop.signal })).rejects.toThrow('enough')
})

test('a member who comes later has a key of their own, and keeps it', async () => {
  const folder = await temporaryFolder()
  const engine = await openEngine({ folder })
  const added = await engine.addMember('stclare')
  expect(await engine.addMember('stclare')).toEqual(added)
  expect(new Set(engine.members.map(({ executor }) => executor)).size).toBe(3)
  for (const { executor } of engine.members) expect(executor).toMatch(/^[0-9a-f]{64}$/)
  const before = engine.members
  await engine.close()
  expect((await openEngine({ folder, members: [] })).members).toEqual(before)
})

test.each(['', 'Mercy', '../x', 'a/b', '-a', 'x'.repeat(81)])('error: %j is no name for a member', async (name) => {
  const engine = await openEngine({ folder: await temporaryFolder() })
  expect(await failureOf(engine.addMember(name))).toContain('UnknownMemberError')
})

test('closing waits for the calls that were made, ends subscriptions, and refuses later calls', async () => {
  const folder = await temporaryFolder()
  const engine = await openEngine({ folder })
  await engine.initialise('mercy', {})
  const events = engine.events()[Symbol.asyncIterator]()
  const made = engine.call('mercy', 'put', { n: 1 })
  await engine.close()
  await made
  await engine.close()
  await expect(engine.call('mercy', 'get', {})).rejects.toThrow(EngineClosedError)
  expect((await events.next()).value).toMatchObject({ kind: 'Written' })
  expect(await events.next()).toEqual({ done: true, value: undefined })
  expect(await (await openEngine({ folder })).call('mercy', 'get', {})).toEqual({ n: 1 })
})

test('log lines name the call and how it ended, and hold no argument and no result', async () => {
  const engine = await openEngine({ folder: await temporaryFolder() })
  await engine.initialise('mercy', {})
  await engine.call('mercy', 'put_then_log', { n: 'marked-value' })
  await engine.call('lakeside', 'get', {})
  await failureOf(engine.call('mercy', 'put_then_err', { n: 'marked-value' }))
  expect(engine.lines).toEqual([
    { event: 'call', member: 'mercy', method: 'init', outcome: 'ok', appLines: 0 },
    { event: 'call', member: 'mercy', method: 'put_then_log', outcome: 'ok', appLines: 1 },
    { event: 'call', member: 'lakeside', method: 'get', outcome: 'ok', appLines: 0 },
    { event: 'call', member: 'mercy', method: 'put_then_err', outcome: 'ApplicationError' },
  ])
})
