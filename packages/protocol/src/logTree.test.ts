import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { treeNode } from './hash.ts'
import { felt, ZERO } from './ids.ts'
import { type PatientLog, singleEntries, singleId, singleLeaf, treePath, treeRoot, verifyEntries } from './logTree.ts'

const place = { chainId: felt(1), accessLog: felt(2), patient: felt(3) }
const link = (index: number) => ({ index, hospital: felt(1), kind: 1, reference: index, digest: felt(index + 100), loggedAtS: index })
const leavesOf = (count: number) => Array.from({ length: count }, (_, index) => felt(index + 1))

/** As the contract: peaks of perfect trees, joined from the smallest up. */
function byPeaks(leaves: readonly string[]): string {
  const peaks: { hash: string; size: number }[] = []
  for (const leaf of leaves) {
    let [hash, size] = [leaf, 1]
    for (let last = peaks.at(-1); last?.size === size; last = peaks.at(-1)) {
      peaks.pop()
      ;[hash, size] = [treeNode(felt(last.hash), felt(hash)), 2 * size]
    }
    peaks.push({ hash, size })
  }
  return peaks.reduceRight<string>((root, { hash }) => (root === ZERO ? hash : treeNode(felt(hash), felt(root))), ZERO)
}

/** As the contract: up the path, on the side that the index tells. */
function climb(leaf: string, index: number, path: readonly string[]): string {
  return path.reduce(
    (hash, sibling, height) => ((index >> height) % 2 === 0 ? treeNode(felt(hash), felt(sibling)) : treeNode(felt(sibling), felt(hash))),
    leaf,
  )
}

describe('treeRoot', () => {
  test('is the contract’s peaks joined from the smallest up, for every count up to 70', () => {
    for (let count = 0; count <= 70; count++) expect(treeRoot(leavesOf(count))).toBe(byPeaks(leavesOf(count)))
  })

  test('no two lists of leaves share one', () => {
    const lists = [[], [1], [2], [1, 2], [2, 1], [1, 2, 3], [1, 3, 2], [1, 2, 3, 3], [1, 2, 3, 4]].map((list) => treeRoot(list.map(felt)))
    expect(new Set(lists).size).toBe(lists.length)
  })
})

describe('treePath', () => {
  test('leads every leaf to its peak, and no other leaf there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(69), (count, chosen) => {
        const leaves = leavesOf(count)
        const index = chosen % count
        const path = treePath(leaves, index)
        const size = 2 ** path.length
        const start = Math.floor(index / size) * size
        expect(climb(leaves[index] ?? '', index, path)).toBe(treeRoot(leaves.slice(start, start + size)))
        expect(climb(felt(999), index, path)).not.toBe(treeRoot(leaves.slice(start, start + size)))
        // The peak is the largest perfect tree: the bit of the count above which the index agrees with it.
        expect(path).toHaveLength(Math.floor(Math.log2(Math.max(1, index ^ count))))
      }),
      { seed: 42, numRuns: 60 },
    )
  })

  test('error: a leaf that is not there', () => {
    for (const index of [-1, 3, 1.5]) {
      expect(() => treePath(leavesOf(3), index)).toThrow(expect.objectContaining({ code: 'log/incomplete' }))
    }
  })
})

describe('singleLeaf', () => {
  test('every field of the entry and its place count, and a dispute is filed under another hash', () => {
    const entry = link(1)
    const others = [
      ...(['chainId', 'accessLog', 'patient'] as const).map((field) => singleLeaf({ ...place, [field]: felt(99) }, entry)),
      ...(['index', 'kind', 'reference', 'loggedAtS'] as const).map((field) => singleLeaf(place, { ...entry, [field]: 99 })),
      ...(['hospital', 'digest'] as const).map((field) => singleLeaf(place, { ...entry, [field]: felt(99) })),
      singleId(place, entry),
    ]
    expect(new Set([singleLeaf(place, entry), ...others]).size).toBe(11)
  })
})

describe('verifyEntries', () => {
  const links = [1, 2, 3].map(link)
  const log: PatientLog = { count: 3, root: treeRoot(links.map((each) => singleLeaf(place, each))), place }

  test('takes the whole list, and an empty one where there is nothing', () => {
    verifyEntries(links, log)
    verifyEntries([], { count: 0, root: ZERO, place })
    expect(singleEntries(place, links).map(({ path }) => path.length)).toEqual([1, 1, 0])
  })

  test.each([
    ['one left out', links.slice(1)],
    ['the last left out', links.slice(0, 2)],
    ['one too many', [...links, link(4)]],
    ['another order', [links[1], links[0], links[2]].flatMap((each) => each ?? [])],
    ['one twice', [...links.slice(0, 2), ...links.slice(1)]],
    ['one changed', links.map((each) => (each.index === 2 ? { ...each, kind: 2 } : each))],
  ])('error: %s', (_, list) => {
    expect(() => verifyEntries(list, log)).toThrow(expect.objectContaining({ code: 'log/incomplete' }))
  })

  test('error: the log of another patient, contract or chain', () => {
    for (const field of ['chainId', 'accessLog', 'patient'] as const) {
      const other = { ...log, place: { ...place, [field]: felt(9) } }
      expect(() => verifyEntries(links, other)).toThrow(expect.objectContaining({ code: 'log/incomplete' }))
    }
  })
})
