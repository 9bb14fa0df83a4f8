import { describe, expect, test } from 'vitest'
import { news2, type Vitals } from './news2.ts'

/*
 * The chart as the Royal College of Physicians prints it (NEWS2, 2017, chart 1), typed from there: columns of points 3, 2, 1, 0, 1, 2, 3 with the
 * first and last value of each cell, `null` where the chart has none. Outermost cells end at the limits of what is taken.
 */
type Cell = readonly [first: number, last: number] | null
const COLUMNS = [3, 2, 1, 0, 1, 2, 3]
const CHART = {
  respiratoryRate: [[1, 8], null, [9, 11], [12, 20], null, [21, 24], [25, 120]],
  scale1: [[10, 91], [92, 93], [94, 95], [96, 100], null, null, null],
  scale2Oxygen: [
    [10, 83],
    [84, 85],
    [86, 87],
    [88, 92],
    [93, 94],
    [95, 96],
    [97, 100],
  ],
  systolicPressure: [[20, 90], [91, 100], [101, 110], [111, 219], null, null, [220, 350]],
  pulse: [[10, 40], null, [41, 50], [51, 90], [91, 110], [111, 130], [131, 350]],
  temperature: [[14, 35], null, [35.1, 36], [36.1, 38], [38.1, 39], [39.1, 46], null],
} satisfies Record<string, Cell[]>
/** On air the chart's scale 2 has 93 and above at 0; kept in the same seven cells, as the combinations are counted. */
const SCALE2_AIR_POINTS = [3, 2, 1, 0, 0, 0, 0]

type Band = readonly [first: number, last: number, points: number]
const bands = (row: readonly Cell[], points: readonly number[] = COLUMNS): Band[] =>
  row.flatMap((cell, column) => (cell === null ? [] : [[cell[0], cell[1], points[column] ?? Number.NaN] as const]))

const saturations = [
  ...bands(CHART.scale1).flatMap((band) => [false, true].map((oxygen) => ({ band, oxygen, oxygenScale: 1 as const }))),
  ...bands(CHART.scale2Oxygen).map((band) => ({ band, oxygen: true, oxygenScale: 2 as const })),
  ...bands(CHART.scale2Oxygen, SCALE2_AIR_POINTS).map((band) => ({ band, oxygen: false, oxygenScale: 2 as const })),
]
const levels = [
  { consciousness: 'alert' as const, points: 0 },
  { consciousness: 'confused' as const, points: 3 },
]
const well: Vitals = {
  respiratoryRate: 16,
  oxygenSaturation: 98,
  oxygenScale: 1,
  oxygen: false,
  systolicPressure: 120,
  pulse: 70,
  consciousness: 'alert',
  temperature: 37,
}
const pointsIn = (list: readonly Band[], value: number) => list.find(([first, last]) => value >= first && value <= last)?.[2]

/** Walks all combinations of bands, each at its `edge`, and counts those that are not as the chart has them. */
function compareAll(edge: 0 | 1): { count: number; wrong: object[] } {
  const wrong: object[] = []
  let count = 0
  for (const rate of bands(CHART.respiratoryRate))
    for (const { band: saturation, ...oxygen } of saturations)
      for (const pressure of bands(CHART.systolicPressure))
        for (const pulse of bands(CHART.pulse))
          for (const { consciousness, points: level } of levels)
            for (const temperature of bands(CHART.temperature)) {
              const cells = [rate[2], saturation[2], oxygen.oxygen ? 2 : 0, pressure[2], pulse[2], level, temperature[2]]
              const total = cells.reduce((sum, points) => sum + points, 0)
              const band = total >= 7 ? 'high' : total >= 5 ? 'medium' : cells.includes(3) ? 'low-medium' : 'low'
              const vitals = { ...oxygen, consciousness, respiratoryRate: rate[edge], oxygenSaturation: saturation[edge] }
              const got = news2({ ...vitals, systolicPressure: pressure[edge], pulse: pulse[edge], temperature: temperature[edge] })
              count++
              if (got.total !== total || got.band !== band || Object.values(got.points).join() !== cells.join()) wrong.push(vitals)
            }
  return { count, wrong }
}

describe('news2', () => {
  test.each([
    ['lowest', 0],
    ['highest', 1],
  ] as const)('all 33,000 combinations of bands are as on the chart, at the %s value of each', (_, edge) => {
    expect(compareAll(edge)).toEqual({ count: 33_000, wrong: [] })
  })

  test.each([
    ['respiratoryRate', 1, 120],
    ['systolicPressure', 20, 350],
    ['pulse', 10, 350],
  ] as const)('every whole %s is as on the chart, so every boundary and its neighbours are', (parameter, first, last) => {
    for (let value = first; value <= last; value++)
      expect([value, news2({ ...well, [parameter]: value }).points[parameter]]).toEqual([value, pointsIn(bands(CHART[parameter]), value)])
  })

  test('every tenth of a degree is as on the chart', () => {
    for (let tenths = 140; tenths <= 460; tenths++)
      expect([tenths, news2({ ...well, temperature: tenths / 10 }).points.temperature]).toEqual([
        tenths,
        pointsIn(bands(CHART.temperature), tenths / 10),
      ])
  })

  test('every saturation is as on the chart, on both scales, on air and on oxygen', () => {
    for (let oxygenSaturation = 10; oxygenSaturation <= 100; oxygenSaturation++)
      for (const oxygen of [false, true])
        for (const oxygenScale of [1, 2] as const) {
          const row = oxygenScale === 1 ? bands(CHART.scale1) : bands(CHART.scale2Oxygen, oxygen ? COLUMNS : SCALE2_AIR_POINTS)
          const { points } = news2({ ...well, oxygenSaturation, oxygen, oxygenScale })
          expect([oxygenSaturation, oxygen, oxygenScale, points.oxygenSaturation, points.oxygen]).toEqual([
            oxygenSaturation,
            oxygen,
            oxygenScale,
            pointsIn(row, oxygenSaturation),
            oxygen ? 2 : 0,
          ])
        }
  })

  test('a value between two steps of the chart counts as the worse of them', () => {
    expect(news2({ ...well, temperature: 38.04 }).points.temperature).toBe(1)
    expect(news2({ ...well, temperature: 35.04 }).points.temperature).toBe(3)
    expect(news2({ ...well, respiratoryRate: 20.5 }).points.respiratoryRate).toBe(2)
    expect(news2({ ...well, oxygenSaturation: 95.5 }).points.oxygenSaturation).toBe(1)
  })

  test('what unit conversion adds in the last binary digit counts for nothing', () => {
    const noisy = 38 + 2 ** -40
    expect(noisy).toBeGreaterThan(38)
    expect(news2({ ...well, temperature: noisy }).points.temperature).toBe(0)
  })

  test('anything but alert is a red score, and one red score alone is low-medium risk', () => {
    for (const consciousness of ['confused', 'voice', 'pain', 'unresponsive'] as const)
      expect(news2({ ...well, consciousness })).toMatchObject({ total: 3, red: ['consciousness'], band: 'low-medium' })
  })

  test.each([Number.NaN, Infinity, 0, -5, 400])('error: a pulse of %s is none', (pulse) => {
    expect(() => news2({ ...well, pulse })).toThrow(expect.objectContaining({ name: 'UrgencyError', code: 'urgency/not-a-vital' }))
  })
})
