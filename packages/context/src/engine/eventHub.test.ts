import { expect, test } from 'vitest'
import type { ContextEvent } from './contextEngine.ts'
import { EventsMissedError } from './engineErrors.ts'
import { EventHub } from './eventHub.ts'

function event(n: number): ContextEvent {
  return { id: `${n}-0`, kind: 'Happened', data: { n } }
}

test('a reader gets what happens after it subscribed, in order, also what came before it asked', async () => {
  const hub = new EventHub()
  hub.publish(event(1))
  const reader = hub.subscribe()[Symbol.asyncIterator]()
  hub.publish(event(2))
  hub.publish(event(3))
  expect([(await reader.next()).value, (await reader.next()).value]).toEqual([event(2), event(3)])
  const later = reader.next()
  hub.publish(event(4))
  expect((await later).value).toEqual(event(4))
})

test('a loop ends when the hub is closed, when the signal says so, and when it is left', async () => {
  const hub = new EventHub()
  const stop = new AbortController()
  const stopped = hub.subscribe({ signal: stop.signal })[Symbol.asyncIterator]().next()
  stop.abort()
  expect((await stopped).done).toBe(true)
  const seen: string[] = []
  const loop = (async () => {
    for await (const { id } of hub.subscribe()) seen.push(id)
  })()
  hub.publish(event(1))
  hub.close()
  await loop
  expect(seen).toEqual(['1-0'])
  for await (const _ of hub.subscribe()) throw new Error('a closed hub tells nothing')
})

test('error: a reader that is too slow hears that it missed something, after what it did not miss', async () => {
  const hub = new EventHub(2)
  const reader = hub.subscribe()[Symbol.asyncIterator]()
  for (let n = 1; n <= 3; n += 1) hub.publish(event(n))
  expect((await reader.next()).value).toEqual(event(1))
  expect((await reader.next()).value).toEqual(event(2))
  await expect(reader.next()).rejects.toThrow(EventsMissedError)
})

test('error: when events may have been missed every reader hears so, after what was told before; a new one begins afresh', async () => {
  const hub = new EventHub()
  const reader = hub.subscribe()[Symbol.asyncIterator]()
  hub.publish(event(1))
  hub.miss()
  hub.publish(event(2))
  expect((await reader.next()).value).toEqual(event(1))
  await expect(reader.next()).rejects.toThrow(EventsMissedError)
  const again = hub.subscribe()[Symbol.asyncIterator]()
  hub.publish(event(3))
  expect((await again.next()).value).toEqual(event(3))
})
