import { allocate, explain, type Market } from '@medsync/protocol/allocation'
import { printTable } from './table.ts'

const CASES = 10_000
const SPECIALISTS = 500
const FACILITIES = 60
const SPECIALTIES = 12
const HOURS_EACH = 10
const CAPACITY = 2
const NOW_S = 1_800_000_000
const HOUR_S = 3_600
const RUNS = 5

/** What allocation takes: a large region's day, once with places for all and once with places for a third. Median and worst of five runs. */
export function benchAllocation(): void {
  const enough = market(CAPACITY)
  const scarce = market(1)
  console.log(
    `\nAllocation: ${CASES.toLocaleString('en')} cases, ${SPECIALISTS} specialists with ${HOURS_EACH} hours each, ${FACILITIES} facilities`,
  )
  const allocation = allocate(scarce)
  printTable(
    ['what', 'given', 'median ms', 'worst ms'],
    [
      ['two places an hour', allocate(enough).allocated.length, ...timesMs(() => allocate(enough))],
      ['one place an hour', allocation.allocated.length, ...timesMs(() => allocate(scarce))],
      ['one explanation', 1, ...timesMs(() => explain(scarce, allocation, `c${CASES - 1}`))],
    ],
  )
}

function market(capacity: number): Market {
  const draw = drawFrom(6)
  return {
    facilities: Array.from({ length: FACILITIES }, (_, place) => ({
      id: `f${place}`,
      latitude: 42 + draw(300) / 100,
      longitude: -71 - draw(300) / 100,
    })),
    specialists: Array.from({ length: SPECIALISTS }, (_, place) => ({
      id: `s${place}`,
      facility: `f${draw(FACILITIES)}`,
      specialty: `k${draw(SPECIALTIES)}`,
      hours: Array.from({ length: HOURS_EACH }, (_, hour) => ({
        fromS: NOW_S + (hour + 1) * HOUR_S,
        toS: NOW_S + (hour + 2) * HOUR_S,
        capacity,
      })),
    })),
    cases: Array.from({ length: CASES }, (_, place) => ({
      pseudonym: `c${place}`,
      rank: place + 1,
      specialty: `k${draw(SPECIALTIES)}`,
      facility: `f${draw(FACILITIES)}`,
      mayBeMoved: draw(5) > 0,
      maxKm: draw(2) === 0 ? null : draw(200),
      declined: draw(10) === 0 ? [`s${draw(SPECIALISTS)}`] : [],
    })),
    held: [],
    nowS: NOW_S,
  }
}

/** Numbers below a limit, the same in every run. */
function drawFrom(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state * 48_271) % 0x7fffffff
    return state % limit
  }
}

function timesMs(job: () => unknown): [number, number] {
  const times = Array.from({ length: RUNS }, () => {
    const startedMs = performance.now()
    job()
    return Math.round((performance.now() - startedMs) * 10) / 10
  }).toSorted((one, other) => one - other)
  return [times[Math.floor(RUNS / 2)] ?? 0, times.at(-1) ?? 0]
}
