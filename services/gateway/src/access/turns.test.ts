import { describe, expect, test } from 'vitest'
import { Turns, type Waiting } from './turns.ts'

const job = (slug: string, number: number): Waiting => ({ key: `${slug}|${number}`, tenant: { slug } })
const many = (slug: string, count: number): Waiting[] => Array.from({ length: count }, (_, index) => job(slug, index))

/** Begins what is next until nothing is. */
function begin(turns: Turns, due: readonly Waiting[]): Waiting[] {
  const begun: Waiting[] = []
  for (;;) {
    const next = turns.next(due.filter((each) => !begun.includes(each)))
    if (next === undefined) return begun
    turns.began(next)
    begun.push(next)
  }
}

describe('whose turn it is', () => {
  test('a new request comes before any number that wait and are due again all the time', () => {
    const turns = new Turns(4)
    const waiting = many('mercy', 1_000)
    for (let rounds = 0; rounds < 10; rounds++) for (const each of begin(turns, waiting)) turns.ended(each)
    for (const each of waiting) {
      turns.began(each)
      turns.ended(each)
    }
    const added = job('mercy', 1_000)
    expect(turns.next([...waiting, added])).toBe(added)
  })

  test('those that wait are looked at in turn, none again before all others were', () => {
    const turns = new Turns(4)
    const waiting = many('mercy', 100)
    const seen: string[] = []
    for (let looks = 0; looks < 50; looks++) {
      const begun = begin(turns, waiting)
      seen.push(...begun.map(({ key }) => key))
      for (const each of begun) turns.ended(each)
    }
    expect(new Set(seen.slice(0, 100)).size).toBe(100)
    expect(seen.slice(100, 200)).toEqual(seen.slice(0, 100))
  })

  test('one hospital’s requests, of which none comes to an end, leave a turn to every other hospital', () => {
    const turns = new Turns(4)
    expect(begin(turns, many('mercy', 1_000))).toHaveLength(4)
    const others = [...many('stclare', 3), ...many('harbour', 3)]
    expect(begin(turns, [...many('mercy', 1_000).slice(4), ...others]).map(({ key }) => key)).toEqual(['stclare|0', 'harbour|0'])
  })

  test('turns are shared alike, and the oldest comes first', () => {
    const turns = new Turns(4)
    const begun = begin(turns, [...many('mercy', 1_000), ...many('stclare', 10)])
    expect(begun.map(({ key }) => key)).toEqual(['mercy|0', 'stclare|0', 'mercy|1', 'stclare|1'])
  })

  test('what is no longer there is forgotten', () => {
    const turns = new Turns(2)
    const [first = job('mercy', 0), second = job('mercy', 1)] = many('mercy', 2)
    for (const each of [first, second]) {
      turns.began(each)
      turns.ended(each)
    }
    turns.keepOnly([first])
    expect(turns.next([first, second])).toBe(second)
  })
})
