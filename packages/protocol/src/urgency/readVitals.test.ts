import { describe, expect, test } from 'vitest'
import { readVitals } from './readVitals.ts'
import {
  alertness,
  at,
  EPISODE_S,
  flow,
  HOUR_S,
  measured,
  NOW_S,
  observed,
  pressure,
  pulse,
  quantity,
  rate,
  saturation,
  temperature,
  wellSet,
} from './testing.ts'
import { exactly } from './vitals.ts'

const read = (...observations: unknown[]) => readVitals({ observations, episodeFromS: EPISODE_S, nowS: NOW_S })
const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] })
const snomed = (code: string) => ({ coding: [{ system: 'http://snomed.info/sct', code }] })

describe('readVitals', () => {
  test('a complete set is read whole, blood pressure from its panel', () => {
    const { held, missing, outdated, refused } = read(...wellSet())
    expect(held.systolicPressure).toEqual({ value: exactly(120), sources: ['bp'], atS: NOW_S - HOUR_S, isCurrent: true })
    expect(held.oxygen?.value).toBe(false)
    expect({ missing, outdated, refused }).toEqual({ missing: [], outdated: [], refused: [] })
  })

  test('the newest value counts, whatever the order of the list', () => {
    expect(read(pulse(70, 60, 'new'), pulse(130, HOUR_S, 'old')).held.pulse?.sources).toEqual(['new'])
    expect(read(pulse(130, HOUR_S, 'old'), pulse(70, 60, 'new')).held.pulse?.sources).toEqual(['new'])
  })

  test('of two values of the same second the worst may count', () => {
    expect(read(pulse(70, 60, 'a'), pulse(130, 60, 'b')).held.pulse).toMatchObject({ value: { from: 70, to: 130 }, sources: ['a', 'b'] })
    expect(read(flow(0, 60, 'a'), flow(2, 60, 'b')).held.oxygen?.value).toBe(true)
    expect(read(alertness('LA9340-6', 60, 'a'), alertness('LA17107-6', 60, 'b')).held.consciousness?.value).toBe('pain')
  })

  test('units are converted', () => {
    const { held } = read(measured('t', '8310-5', 100.4, '[degF]'), observed('bp', '8480-6', { valueQuantity: quantity(16, 'kPa') }))
    expect(held.temperature?.value).toEqual(exactly(38))
    expect(held.systolicPressure?.value.from).toBeCloseTo(120.01, 2)
  })

  test('oxygen is read from concentration, flow, a component of the saturation, and codes', () => {
    const component = [{ code: loinc('3151-8'), valueQuantity: quantity(6, 'L/min') }]
    expect(read({ ...saturation(95), component }).held).toMatchObject({ oxygen: { value: true }, oxygenSaturation: { value: exactly(95) } })
    expect(read(measured('f', '3150-0', 21, '%')).held.oxygen?.value).toBe(false)
    expect(read(measured('f', '3150-0', 0.28, '1')).held.oxygen?.value).toBe(true)
    expect(read({ ...observed('c', 'x', {}), code: snomed('722742002') }).held.oxygen?.value).toBe(false)
    expect(read(observed('c', 'local', { valueCodeableConcept: snomed('371825009') })).held.oxygen?.value).toBe(true)
  })

  test('"below 70" is somewhere between the limit and 70', () => {
    const low = observed('s', '59408-5', { valueQuantity: { ...quantity(70, '%'), comparator: '<' } })
    expect(read(low).held.oxygenSaturation?.value).toEqual({ from: 10, to: 70 })
  })

  test('what is older than the window goes on counting and is named outdated', () => {
    const { held, outdated, missing } = read(rate(30, 13 * HOUR_S))
    expect(held.respiratoryRate).toMatchObject({ value: exactly(30), isCurrent: false })
    expect(outdated).toEqual(['respiratoryRate'])
    expect(missing).not.toContain('respiratoryRate')
  })

  test('what is older than the episode says nothing', () => {
    const { held, outdated, refused } = read(rate(30, 73 * HOUR_S), rate(0, 73 * HOUR_S))
    expect({ held, outdated, refused }).toEqual({ held: {}, outdated: [], refused: [] })
  })

  test.each(['entered-in-error', 'cancelled', 'registered', 'unknown'])('an observation that is %s does not count', (status) => {
    const { held, refused } = read({ ...rate(30), status })
    expect({ held, refused }).toEqual({ held: {}, refused: [] })
  })

  test('a value that was not measured is missing, not implausible', () => {
    const silent = observed('rr', '9279-1', { dataAbsentReason: { text: 'not performed' } })
    const { held, refused, missing } = read(silent)
    expect({ held, refused, missing: missing.length }).toEqual({ held: {}, refused: [], missing: 7 })
  })

  test.each([
    ['outside-limits', temperature(3.7)],
    ['outside-limits', pulse(0)],
    ['outside-limits', measured('o', '3151-8', -1, 'L/min')],
    ['outside-limits', measured('o', '3150-0', 130, '%')],
    ['outside-limits', measured('o', '3150-0', 12, '%')],
    ['unknown-unit', measured('t', '8310-5', 98.6, 'F')],
    ['unknown-unit', observed('t', '8310-5', { valueQuantity: { value: 37, unit: 'Cel' } })],
    ['unknown-unit', observed('t', '8310-5', { valueQuantity: { value: 37, system: 'urn:local', code: 'Cel' } })],
    ['unknown-answer', alertness('LA0000-0')],
    ['unreadable', observed('hr', '8867-4', { valueString: '70' })],
    ['unreadable', observed('hr', '8867-4', { valueQuantity: { ...quantity(0, '/min'), value: '70' } })],
    ['no-time', { ...pulse(70), effectiveDateTime: '2026-11' }],
    ['no-time', { ...pulse(70), effectiveDateTime: 7 }],
    ['in-future', pulse(70, -HOUR_S)],
  ])('error: refused and named as %s', (refusal, observation) => {
    const { held, refused } = read(observation)
    expect({ held, refused }).toEqual({ held: {}, refused: [{ quality: expect.any(String), source: observation['id'], refusal }] })
  })

  test('error: after a refused value the one before goes on counting, as outdated', () => {
    const { held, outdated, refused } = read(saturation(88, 2 * HOUR_S, 'old'), saturation(188, HOUR_S, 'new'))
    expect(held.oxygenSaturation).toMatchObject({ value: exactly(88), isCurrent: false })
    expect({ outdated, refused }).toMatchObject({ outdated: ['oxygenSaturation'], refused: [{ source: 'new', refusal: 'outside-limits' }] })
  })

  test('error: a value without a time may be the newest, so the one before is outdated', () => {
    const { held, outdated, refused } = read({ ...pulse(70, 0, 'timeless'), effectiveDateTime: '2026' }, pulse(80, HOUR_S, 'old'))
    expect(held.pulse).toMatchObject({ value: exactly(80), sources: ['old'] })
    expect({ outdated, refused }).toMatchObject({ outdated: ['pulse'], refused: [{ source: 'timeless', refusal: 'no-time' }] })
  })

  test('error: observations of two patients are not scored as one', () => {
    const of = (reference: string) => ({ ...pulse(70), subject: { reference } })
    expect(() => read(of('Patient/1'), of('Patient/2'))).toThrow(expect.objectContaining({ code: 'urgency/two-patients' }))
    expect(read(of('Patient/1'), of('Patient/1')).held.pulse).toBeDefined()
  })

  test('error: what is no observation is passed over', () => {
    const others = [null, 7, 'x', [], {}, { resourceType: 'Patient', gender: 'male' }, { resourceType: 'Observation' }]
    const { held, refused } = read(...others)
    expect({ held, refused }).toEqual({ held: {}, refused: [] })
  })

  test('an observation without an id is named by its place; a period counts from its end', () => {
    const { id: _, effectiveDateTime: __, ...nameless } = pressure(120)
    const { held } = read(rate(16), { ...nameless, effectivePeriod: { start: at(2 * HOUR_S), end: at(HOUR_S) } })
    expect(held.systolicPressure).toMatchObject({ sources: ['#1'], atS: NOW_S - HOUR_S })
  })
})
