import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OrderedKeys } from './orderedKeys.ts'

const key = fc.string({ unit: fc.constantFrom('a', 'b', '\xff', '\x00'), maxLength: 3 })
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key }),
  fc.record({ do: fc.constant('delete' as const), key }),
  fc.record({ do: fc.constant('look' as const), key, high: key, skip: fc.nat(3), most: fc.nat(4) }),
)

test('pages, prefixes and last keys are those of a sorted list, whatever was set and deleted before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const keys = new OrderedKeys()
      const model = new Map<string, string>()
      for (const one of steps) {
        if (one.do === 'set') {
          keys.set(one.key, `value of ${one.key}`)
          model.set(one.key, `value of ${one.key}`)
        } else if (one.do === 'delete') expect(keys.delete(one.key)).toBe(model.delete(one.key))
        else {
          const sorted = [...model.keys()].sort((left, right) => Buffer.compare(Buffer.from(left, 'latin1'), Buffer.from(right, 'latin1')))
          const range = sorted.filter((candidate) => candidate >= one.key && candidate < one.high)
          expect(keys.page(one.key, one.high, one.skip, one.most)).toEqual(range.slice(one.skip, one.skip + one.most))
          expect(keys.last(one.key, one.high)).toBe(range.at(-1))
          expect(keys.keysWith(one.key)).toEqual(sorted.filter((candidate) => candidate.startsWith(one.key)))
          expect(keys.get(one.key)).toBe(model.get(one.key))
        }
      }
    }),
    { seed: 20261121, numRuns: 300 },
  )
})
