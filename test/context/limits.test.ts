import { inspect } from 'node:util'
import { LimitError, TimeoutError, TrapError } from '@medsync/context/engine'
import { expect, test } from 'vitest'
import { failureOf, openEngine, temporaryFolder } from './engineStage.ts'
import { ROUGH_ERROR, ROUGH_WORDS, roughApp } from './roughApp.ts'

async function initialised() {
  const engine = await openEngine({ folder: await temporaryFolder(), timeLimitMs: 500 })
  await engine.initialise('mercy', {})
  await engine.call('mercy', 'put', { n: 1 })
  return engine
}

test('what a member puts, all members get', async () => {
  const engine = await initialised()
  expect(await engine.call('lakeside', 'get', {})).toEqual({ n: 1 })
})

const failing: [method: string, failure: string][] = [
  ['put_then_err', 'ApplicationError: The app refused the call. (put_then_err: NotAllowed) Its kind says why; nothing was changed.'],
  [
    'put_then_trap',
    'TrapError: The app stopped in the middle of the call. (put_then_trap: unreachable) Nothing was changed. This is a defect: report where.',
  ],
  [
    'put_then_panic',
    'TrapError: The app stopped in the middle of the call. (put_then_panic: src/lib.rs:7:9) Nothing was changed. This is a defect: report where.',
  ],
  [
    'put_then_loop',
    'TimeoutError: The call took too long and was ended. (put_then_loop: 500 ms) Nothing was changed. Ask for less, or raise the time limit.',
  ],
  ['put_without_delta', 'a commit without a delta'],
  ['commit_twice', 'a commit that is none'],
  ['logs_1025', 'log lines, at most 1024'],
  ['log_long', 'log line, at most 16384'],
  ['events_101', 'events, at most 100'],
  ['event_long', 'event, at most 16384'],
  ['event_kind_long', 'event kind, at most 100'],
  ['key_long', 'storage key, at most 1048576'],
  ['key_33', 'storage key, at most 32'],
  ['private_key_33', 'storage key, at most 32'],
  ['value_long', 'storage value, at most 10485760'],
  ['private_value_long', 'storage value, at most 10485760'],
  ['registers_101', 'registers, at most 100'],
  ['memory_wild', 'invalid memory access'],
  ['event_no_text', 'text that is not UTF-8'],
  ['memory_grow', 'unreachable'],
  ['deep', 'stack overflow'],
  ['make_blob', 'the embedded engine has no blob_create'],
]

test.each(failing)('error: %s fails as it should, and neither state, private store nor events know of it', async (method, failure) => {
  const engine = await initialised()
  const events = engine.events()[Symbol.asyncIterator]()
  expect(await failureOf(engine.call('mercy', method, { n: 2 }))).toContain(failure)
  expect(await engine.call('mercy', 'get', {})).toEqual({ n: 1 })
  expect(await engine.call('mercy', 'get_private', {})).toBeNull()
  await engine.call('mercy', 'put', { n: 3 })
  expect(await events.next()).toMatchObject({ value: { id: '3-0', kind: 'Written', data: { id: 'x7' } } })
})

test('what the limits allow goes through', async () => {
  const engine = await initialised()
  for (const method of ['logs_1024', 'events_100', 'memory_fits', 'key_32']) await engine.call('mercy', method, {})
  expect(await engine.call('mercy', 'get', {})).toEqual({ n: 1 })
})

test('a limit has a name and a number, an error of the app its kind and data', async () => {
  const engine = await initialised()
  await expect(engine.call('mercy', 'key_long', {})).rejects.toMatchObject({
    constructor: LimitError,
    limit: 'storage key',
    most: 1_048_576,
  })
  await expect(engine.call('mercy', 'put_then_err', {})).rejects.toMatchObject(ROUGH_ERROR)
})

test('words of a panic can be asked for, and are in no message and no print', async () => {
  const engine = await initialised()
  const failure = await engine.call('mercy', 'put_then_panic', {}).catch((cause: unknown) => cause)
  if (!(failure instanceof TrapError)) throw new Error('no trap')
  expect(failure.words()).toBe(ROUGH_WORDS)
  expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('marked-argument')
  expect(JSON.stringify(engine.lines)).not.toContain('marked-argument')
})

test('an endless loop ends at the limit, and the calls that waited behind it go on', async () => {
  const engine = await initialised()
  const looped = engine.call('mercy', 'put_then_loop', {}).catch((cause: unknown) => cause)
  const waited = engine.call('lakeside', 'get', {})
  expect(await looped).toBeInstanceOf(TimeoutError)
  expect(await waited).toEqual({ n: 1 })
  expect(engine.lines).toContainEqual({ event: 'restarted' })
})

test('writes of a method that does not commit are dropped, as on a node', async () => {
  const engine = await initialised()
  expect(await engine.call('mercy', 'put_without_commit', { n: 2 })).toBeNull()
  expect(await engine.call('mercy', 'get', {})).toEqual({ n: 1 })
})

test('nothing of one call can be seen in the memory of the next, though the instance is the same', async () => {
  const engine = await initialised()
  await engine.call('mercy', 'leave_mark', {})
  expect(await engine.call('lakeside', 'see_mark', {})).toBeNull()
})

test("the handler of an event runs once at everybody but its author, in the handler's own name", async () => {
  const engine = await initialised()
  await engine.call('mercy', 'put_and_handle', { n: 2 })
  expect(await engine.call('lakeside', 'get_private', {})).toEqual({ id: 'x7' })
  expect(await engine.call('mercy', 'get_private', {})).toBeNull()
})

test('error: an app that wants what the runtime does not have is refused at the start, by name', async () => {
  const folder = await temporaryFolder()
  expect(await failureOf(openEngine({ folder, wasm: roughApp({ imports: ['js_crdt_map_new'] }) }))).toContain('env.js_crdt_map_new')
  expect(await failureOf(openEngine({ folder, wasm: roughApp({ pages: 1_025 }) }))).toContain('it wants 1025 pages of memory, at most 1024')
  expect(await failureOf(openEngine({ folder, wasm: new Uint8Array([1, 2, 3]) }))).toContain('UnsupportedAppError')
})
