import { recordIdSchema } from '@medsync/protocol'
import { describe, expect, test } from 'vitest'
import { BoundedEventHub } from './boundedEventHub.ts'

const event = { type: 'record.linked', record: recordIdSchema.parse('11111111-1111-4111-8111-111111111111') } as const
const publish = (hub: BoundedEventHub, times: number): void => {
  for (let turn = 0; turn < times; turn += 1) hub.publish({ audience: 'all', event })
}
const ids = (hub: BoundedEventHub, lastId: string): string[] | undefined => hub.since(lastId)?.map(({ id }) => id)

describe('the event hub', () => {
  test('tells what came after an id', () => {
    const hub = new BoundedEventHub('e')
    expect(ids(hub, hub.lastId)).toEqual([])
    publish(hub, 3)
    expect(ids(hub, 'e-0')).toEqual(['e-1', 'e-2', 'e-3'])
    expect(ids(hub, 'e-2')).toEqual(['e-3'])
    expect(ids(hub, 'e-3')).toEqual([])
  })

  test('cannot tell of another start, of the future, or of what it has forgotten', () => {
    const hub = new BoundedEventHub('e')
    publish(hub, 2_005)
    for (const id of ['x-1', 'e-2006', 'e-4', 'e', '', 'e--1', 'e-x']) expect(ids(hub, id)).toBeUndefined()
    expect(ids(hub, 'e-5')?.length).toBe(2_000)
  })

  test('a listener that fails keeps no other from hearing, and who publishes goes on', () => {
    const failures: unknown[] = []
    const hub = new BoundedEventHub('e', (failure) => failures.push(failure))
    const heard: string[] = []
    hub.subscribe(() => {
      throw new RangeError('broken')
    })
    hub.subscribe(({ id }) => heard.push(id))
    publish(hub, 2)
    expect([heard, failures.length]).toEqual([['e-1', 'e-2'], 2])
  })

  test('tells listeners until they leave, in order', () => {
    const hub = new BoundedEventHub('e')
    const heard: string[] = []
    const leave = hub.subscribe(({ id }) => heard.push(id))
    publish(hub, 2)
    leave()
    publish(hub, 1)
    expect(heard).toEqual(['e-1', 'e-2'])
  })
})
