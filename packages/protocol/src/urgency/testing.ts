/** FHIR resources for the tests of this folder. */

export const NOW_S = 1_800_000_000
export const HOUR_S = 3_600
export const EPISODE_S = NOW_S - 72 * HOUR_S

export const at = (agoS: number): string => new Date((NOW_S - agoS) * 1_000).toISOString()
const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] })

export const quantity = (value: number, code: string) => ({ value, unit: code, system: 'http://unitsofmeasure.org', code })

/** An observation, one hour old unless told. */
export function observed(id: string, code: string, said: object, agoS = HOUR_S): Record<string, unknown> {
  return { resourceType: 'Observation', id, status: 'final', code: loinc(code), effectiveDateTime: at(agoS), ...said }
}

export const measured = (id: string, code: string, value: number, unit: string, agoS?: number) =>
  observed(id, code, { valueQuantity: quantity(value, unit) }, agoS)

export const rate = (value: number, agoS?: number, id = 'rr') => measured(id, '9279-1', value, '/min', agoS)
export const saturation = (value: number, agoS?: number, id = 'spo2') => measured(id, '59408-5', value, '%', agoS)
export const flow = (value: number, agoS?: number, id = 'o2') => measured(id, '3151-8', value, 'L/min', agoS)
export const pulse = (value: number, agoS?: number, id = 'hr') => measured(id, '8867-4', value, '/min', agoS)
export const temperature = (value: number, agoS?: number, id = 't') => measured(id, '8310-5', value, 'Cel', agoS)
export const alertness = (answer = 'LA9340-6', agoS?: number, id = 'acvpu') =>
  observed(id, '67775-7', { valueCodeableConcept: loinc(answer) }, agoS)
export const pressure = (systolic: number, agoS?: number, id = 'bp') =>
  observed(
    id,
    '85354-9',
    {
      component: [
        { code: loinc('8462-4'), valueQuantity: quantity(70, 'mm[Hg]') },
        { code: loinc('8480-6'), valueQuantity: quantity(systolic, 'mm[Hg]') },
      ],
    },
    agoS,
  )

/** A complete set without a single point; its place in the list is the parameter's place in `PARAMETERS`. */
export const wellSet = () => [rate(16), saturation(98), flow(0), pressure(120), pulse(70), alertness(), temperature(37)]
