import { describe, expect, test } from 'vitest'
import { type Chance, chanceFrom, drawLaplace, type Fraction } from './noise.ts'
import { noiseBound } from './noiseBound.ts'
import { seededBits } from './sharing-play.ts'

const fraction = (over: number, under = 1): Fraction => ({ over: BigInt(over), under: BigInt(under) })
const scaleOf = ({ over, under }: Fraction) => Number(over) / Number(under)
/** The chance of a whole number, by the formula. */
const chanceOf = (scale: Fraction, x: number) => {
  const ratio = Math.exp(-1 / scaleOf(scale))
  return ((1 - ratio) / (1 + ratio)) * ratio ** Math.abs(x)
}
/** Chi-square is below this in 999 of 1,000 tests. @source Wilson and Hilferty, 1931. */
const highestChiSquare = (freedom: number) => freedom * (1 - 2 / (9 * freedom) + 3.09 * Math.sqrt(2 / (9 * freedom))) ** 3

describe('uniform whole numbers', () => {
  test.each([1n, 2n, 3n, 6n, 1_000n, 2n ** 32n + 1n, 3_000n * 2n ** 60n])('below %s only, all of the range', (end) => {
    const { below } = seeded(5)
    const drawn = Array.from({ length: 4_000 }, () => below(end))
    expect(drawn.every((each) => each >= 0n && each < end)).toBe(true)
    const tenths = Array.from({ length: 10 }, (_, tenth) => drawn.filter((each) => (each * 10n) / end === BigInt(tenth)).length)
    if (end >= 1_000n) expect(chiSquare(tenths, Array<number>(10).fill(400))).toBeLessThan(highestChiSquare(9))
    if (end < 10n) expect(new Set(drawn).size).toBe(Number(end))
  })
})

describe('noise', () => {
  test.each([fraction(1, 2), fraction(1), fraction(3, 2), fraction(10), fraction(400, 7)])(
    'of scale $over/$under has the exact chances',
    (scale) => {
      const chance = seeded(61)
      const draws = 60_000
      const seen = new Map<number, number>()
      for (let draw = 0; draw < draws; draw++) {
        const x = Number(drawLaplace(scale, chance))
        seen.set(x, (seen.get(x) ?? 0) + 1)
      }
      const farthest = Math.floor(scaleOf(scale) * Math.log((draws * chanceOf(scale, 0)) / 10))
      const each = Array.from({ length: 2 * farthest + 1 }, (_, at) => at - farthest)
      const counts = each.map((x) => seen.get(x) ?? 0)
      const chances = each.map((x) => chanceOf(scale, x))
      const rest = (parts: readonly number[], whole: number) => whole - parts.reduce((sum, part) => sum + part, 0)
      const statistic = chiSquare(
        [...counts, rest(counts, draws)],
        [...chances, rest(chances, 1)].map((chance) => chance * draws),
      )
      expect(statistic).toBeLessThan(highestChiSquare(each.length))
    },
  )

  test('of neighbouring counts: whatever is said of one is at most e^epsilon times as likely of the other, by every way to draw', () => {
    for (const scale of [fraction(1), fraction(2)]) {
      const { chances, left } = everyWay(scale)
      expect(left).toBeLessThan(3e-3)
      for (let x = -4; x <= 4; x++) {
        const [here, beside] = [chances.get(x) ?? 0, chances.get(x + 1) ?? 0]
        expect(here).toBeLessThanOrEqual(chanceOf(scale, x))
        expect(here + left).toBeGreaterThanOrEqual(chanceOf(scale, x))
        const most = Math.exp(1 / scaleOf(scale))
        expect(here).toBeLessThanOrEqual(most * (beside + left))
        expect(beside).toBeLessThanOrEqual(most * (here + left))
        expect(chances.get(x)).toBeCloseTo(chances.get(-x) ?? 0, 4)
      }
    }
  })

  test('is the same for the same random bits, and another for others', () => {
    const noise = (seed: number) => {
      const chance = seeded(seed)
      return Array.from({ length: 20 }, () => drawLaplace(fraction(1_000), chance))
    }
    expect(noise(4)).toEqual(noise(4))
    expect(noise(4)).not.toEqual(noise(5))
  })

  test('of a huge scale is as large, to the last digit', () => {
    const chance = seeded(9)
    const drawn = Array.from({ length: 200 }, () => drawLaplace({ over: 10n ** 20n, under: 3n }, chance))
    expect(new Set(drawn.map((each) => (each < 0n ? -each : each) % 10n)).size).toBe(10)
    expect(drawn.filter((each) => each < 0n).length).toBeGreaterThan(60)
  })
})

describe('the bound of noise', () => {
  test('of one draw is the exact one', () => {
    for (const scale of [fraction(1, 2), fraction(1), fraction(10), fraction(60)]) {
      const ratio = Math.exp(-1 / scaleOf(scale))
      const beyond = (bound: number) => (2 * ratio ** (bound + 1)) / (1 + ratio)
      const bound = Number(noiseBound(scale, 1, 0.05))
      expect(beyond(bound)).toBeLessThanOrEqual(0.05)
      expect(beyond(bound - 1)).toBeGreaterThan(0.05)
    }
  })

  test.each<[Fraction, number]>([
    [fraction(1), 3],
    [fraction(15, 2), 12],
    [fraction(100_000), 3],
    [fraction(2), 144],
  ])('of scale $over/$under and %i draws holds in 95 of 100 sums, and is not much wider', (scale, draws) => {
    const chance = seeded(17)
    const bound = noiseBound(scale, draws, 0.05)
    const sums = Array.from({ length: 4_000 }, () => {
      let sum = 0n
      for (let draw = 0; draw < draws; draw++) sum += drawLaplace(scale, chance)
      return sum < 0n ? -sum : sum
    })
    const held = sums.filter((sum) => sum <= bound).length / sums.length
    expect(held).toBeGreaterThan(0.94)
    expect(held).toBeLessThan(0.975)
  })

  test('of more draws than are reckoned through is wide enough', () => {
    expect(noiseBound(fraction(1), 1_001, 0.05)).toBeGreaterThan(noiseBound(fraction(1), 1_000, 0.05))
  })
})

function seeded(seed: number): Chance {
  const next = seededBits(seed)
  return chanceFrom((words) => {
    for (let index = 0; index < words.length; index++) words[index] = next()
  })
}

function chiSquare(counts: readonly number[], expected: readonly number[]): number {
  return counts.reduce((sum, count, at) => sum + (count - expected[at]!) ** 2 / expected[at]!, 0)
}

/** Goes through every way that draws can come out, down to ways less likely than one in ten million: exact chances, and what is left over. */
function everyWay(scale: Fraction): { readonly chances: ReadonlyMap<number, number>; readonly left: number } {
  const chances = new Map<number, number>()
  let left = 0
  const ways: { readonly taken: readonly bigint[]; readonly chance: number }[] = [{ taken: [], chance: 1 }]
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    const { taken, chance } = way
    let at = 0
    const go = (odds: readonly number[]): bigint => {
      const step = taken[at++]
      if (step === undefined) throw new Fork(odds)
      return step
    }
    try {
      const x = drawLaplace(scale, {
        below: (end) => go(Array<number>(Number(end)).fill(1 / Number(end))),
        isLucky: ({ over, under }) => go([1 - Number(over) / Number(under), Number(over) / Number(under)]) === 1n,
      })
      chances.set(Number(x), (chances.get(Number(x)) ?? 0) + chance)
    } catch (fork) {
      if (!(fork instanceof Fork)) throw fork
      if (chance < 1e-7) left += chance
      else
        for (const [step, odds] of fork.odds.entries()) if (odds > 0) ways.push({ taken: [...taken, BigInt(step)], chance: chance * odds })
    }
  }
  return { chances, left }
}

class Fork extends Error {
  override readonly name = 'Fork'
  readonly odds: readonly number[]
  constructor(odds: readonly number[]) {
    super('the ways part here')
    this.odds = odds
  }
}
