import { describe, expect, test } from 'vitest'
import { type abis as Abis, abis } from '../abis.ts'
import { eventShapes } from './chainEvent.ts'

type Entry = (typeof Abis)[keyof typeof Abis][number]

const entries: readonly Entry[] = [...abis.participants, ...abis.consentRegistry, ...abis.accessLog, ...abis.rewardPool]
const structs = entries.flatMap((entry) => (entry.type === 'event' && entry.kind === 'struct' ? [entry] : []))

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

describe('eventShapes', () => {
  test('has exactly the events of the contracts', () => {
    const names = new Set(structs.map(({ name }) => name.split('::').at(-1)))
    expect(Object.keys(eventShapes).sort()).toEqual([...names].sort())
  })

  test.each(structs.map((entry) => [entry.name.split('::').at(-1) ?? '', entry.members.map(({ name }) => camel(name))] as const))(
    '%s has exactly the fields of its ABI',
    (name, fields) => {
      const shape = Object.entries(eventShapes).find(([known]) => known === name)?.[1]
      // Which contract an upgrade is of is added by `decodeEvent`.
      const added = /^Upgrade/.test(name) ? ['contract'] : []
      expect(Object.keys(shape?.shape ?? {}).sort()).toEqual([...fields, ...added].sort())
    },
  )
})
