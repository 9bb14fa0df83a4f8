import { CONSCIOUSNESS, readVitals, scoreUrgency } from '@medsync/protocol/urgency'
import { expect, test } from 'vitest'
import {
  hasVitals,
  localMinute,
  newVitalsDraft,
  observationsOf,
  problemsOfVitals,
  typedNumber,
  type VitalsDraft,
  withdrawn,
} from './vitalsDraft.ts'

const nowMs = Date.UTC(2026, 10, 21, 12, 0)
const nowS = nowMs / 1000
let made = 0
const newId = (): string => `o${++made}`
const full: VitalsDraft = {
  takenAt: localMinute(nowMs - 60_000),
  respiratoryRate: '22',
  oxygenSaturation: '95',
  oxygen: 'oxygen',
  systolicPressure: '108',
  pulse: '112',
  consciousness: 'alert',
  temperature: '38,4',
}
const read = (draft: VitalsDraft) => readVitals({ observations: observationsOf(draft, 'r1', newId), episodeFromS: nowS - 3_600, nowS })

test('what the form makes is read as the seven vital signs, none refused', () => {
  const { held, missing, refused } = read(full)
  expect({ missing, refused }).toEqual({ missing: [], refused: [] })
  expect(Object.fromEntries(Object.entries(held).map(([vital, { value }]) => [vital, value]))).toEqual({
    respiratoryRate: { from: 22, to: 22 },
    oxygenSaturation: { from: 95, to: 95 },
    oxygen: true,
    systolicPressure: { from: 108, to: 108 },
    pulse: { from: 112, to: 112 },
    consciousness: 'alert',
    temperature: { from: 38.4, to: 38.4 },
  })
})

test('each answer that can be chosen is read as what it says', () => {
  for (const consciousness of CONSCIOUSNESS) expect(read({ ...full, consciousness }).held.consciousness?.value).toBe(consciousness)
  expect(read({ ...full, oxygen: 'air' }).held.oxygen?.value).toBe(false)
})

test('what was not measured is missing, and what is taken back no longer counts', () => {
  const draft = { ...newVitalsDraft(nowMs), pulse: '140' }
  const [pulse] = observationsOf(draft, 'r1', newId)
  expect(read(draft).missing).toHaveLength(6)
  const score = (observations: unknown[]) => scoreUrgency({ observations, episodeFromS: nowS - 3_600, nowS }).news2.total
  expect(score([pulse])).toBe(3)
  expect(score(withdrawn(pulse === undefined ? [] : [pulse]))).toBe(0)
})

test('a form without anything measured says so, and one that is whole has no problems', () => {
  expect(hasVitals(newVitalsDraft(nowMs))).toBe(false)
  expect(hasVitals(full)).toBe(true)
  expect(problemsOfVitals(full, nowMs)).toEqual({})
})

test('error: what no living person has, what is no number, and a time to come are named before anything is sent', () => {
  const draft = { ...full, temperature: '384', pulse: 'fast', takenAt: localMinute(nowMs + 3_600_000) }
  expect(problemsOfVitals(draft, nowMs)).toEqual({
    temperature: 'Between 14 and 46. Look at the device again.',
    pulse: 'Give a number.',
    takenAt: 'That is in the future.',
  })
  expect(problemsOfVitals({ ...full, takenAt: '' }, nowMs)).toEqual({ takenAt: 'Say when it was measured.' })
  expect(['', '1e3', '0x10', '12 ', '1,5', '-2'].map(typedNumber)).toEqual([undefined, undefined, undefined, 12, 1.5, -2])
})
