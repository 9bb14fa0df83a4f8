import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALONE, grantedAs, MAX_BUNDLE, makeBundle } from './bundles.ts'
import { treeNode } from './hash.ts'
import { felt, ZERO } from './ids.ts'

const consents = (count: number) => Array.from({ length: count }, (_, index) => felt(index + 1))

describe('makeBundle', () => {
  test('every member leads to the root from its own place, and from no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(39), fc.nat(63), (count, chosen, elsewhere) => {
        const { root, membershipOf } = makeBundle(consents(count))
        const commitment = felt((chosen % count) + 1)
        const membership = membershipOf(commitment)
        expect(membership.index).toBe(chosen % count)
        expect(grantedAs(commitment, membership)).toBe(root)
        expect(grantedAs(felt(99), membership)).not.toBe(root)
        if (elsewhere !== membership.index) expect(grantedAs(commitment, { ...membership, index: elsewhere })).not.toBe(root)
      }),
      { seed: 42, numRuns: 60 },
    )
  })

  test('a bundle of one is that consent, granted by itself', () => {
    const { root, membershipOf } = makeBundle([felt(7)])
    expect(root).toBe(felt(7))
    expect(membershipOf(felt(7))).toEqual(ALONE)
  })

  test('a place without a consent counts as zero, so that an index is the place among the leaves', () => {
    const { root, membershipOf } = makeBundle(consents(3))
    expect(root).toBe(treeNode(treeNode(felt(1), felt(2)), treeNode(felt(3), ZERO)))
    expect(membershipOf(felt(3))).toEqual({ index: 2, path: [ZERO, treeNode(felt(1), felt(2))] })
  })

  test('error: none, too many, one twice, a zero one, and a consent that is not in it', () => {
    expect(() => makeBundle([])).toThrow(expect.objectContaining({ code: 'consent/bundle-size' }))
    expect(() => makeBundle(consents(MAX_BUNDLE + 1))).toThrow(expect.objectContaining({ code: 'consent/bundle-size' }))
    for (const list of [[felt(1), felt(1)], [ZERO]]) {
      expect(() => makeBundle(list)).toThrow(expect.objectContaining({ code: 'consent/bundle-member' }))
    }
    expect(() => makeBundle(consents(2)).membershipOf(felt(3))).toThrow(expect.objectContaining({ code: 'consent/bundle-member' }))
  })
})
