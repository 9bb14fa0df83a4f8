import type { NumberRange } from '@medsync/protocol/sharing'

/** Equal bins: from one border to another in steps. */
export type Bins = { readonly from: number; readonly to: number; readonly step: number }

/** A number that can be asked for, with the range and bins that all hospitals start from: answers on one field have to keep to the same. */
export type AskableField = {
  readonly loinc: string
  readonly name: string
  /** UCUM. */
  readonly unit: string
  /** For people. */
  readonly unitWords: string
  readonly range: NumberRange
  readonly bins: Bins
}

const field = (
  loinc: string,
  name: string,
  [unit, unitWords]: readonly [string, string],
  [min, max, decimals]: readonly [number, number, number],
  [from, to, step]: readonly [number, number, number],
): AskableField => ({ loinc, name, unit, unitWords, range: { min, max, decimals }, bins: { from, to, step } })

const PRESSURE = ['mm[Hg]', 'mmHg'] as const
const PER_MINUTE = ['/min', 'a minute'] as const
const MG_DL = ['mg/dL', 'mg/dL'] as const

/** Usual measurements, by their LOINC codes; any other can be typed. Ranges are wide enough for true extremes. */
export const FIELDS: readonly AskableField[] = [
  field('8480-6', 'Systolic blood pressure', PRESSURE, [40, 300, 0], [80, 200, 10]),
  field('8462-4', 'Diastolic blood pressure', PRESSURE, [20, 200, 0], [40, 120, 10]),
  field('8867-4', 'Heart rate', PER_MINUTE, [20, 300, 0], [40, 160, 10]),
  field('9279-1', 'Respiratory rate', PER_MINUTE, [4, 80, 0], [8, 32, 4]),
  field('8310-5', 'Body temperature', ['Cel', '°C'], [25, 45, 1], [35, 41, 0.5]),
  field('29463-7', 'Body weight', ['kg', 'kg'], [0, 400, 1], [0, 160, 20]),
  field('8302-2', 'Body height', ['cm', 'cm'], [20, 250, 1], [40, 220, 20]),
  field('39156-5', 'Body mass index', ['kg/m2', 'kg/m²'], [5, 100, 1], [15, 45, 5]),
  field('4548-4', 'Haemoglobin A1c', ['%', '%'], [2, 20, 1], [4, 12, 1]),
  field('2093-3', 'Total cholesterol', MG_DL, [20, 800, 0], [100, 340, 40]),
  field('18262-6', 'LDL cholesterol', MG_DL, [5, 600, 0], [40, 240, 40]),
  field('2085-9', 'HDL cholesterol', MG_DL, [5, 200, 0], [20, 100, 20]),
  field('2571-8', 'Triglycerides', MG_DL, [10, 5_000, 0], [0, 500, 100]),
  field('718-7', 'Haemoglobin', ['g/dL', 'g/dL'], [2, 30, 1], [6, 20, 2]),
  field('38483-4', 'Creatinine in blood', MG_DL, [0, 30, 2], [0, 4, 0.5]),
  field('72514-3', 'Pain, 0 to 10', ['{score}', 'points'], [0, 10, 0], [0, 11, 1]),
]

/** Ages in whole years. */
export const AGE: Omit<AskableField, 'loinc'> = {
  name: 'Age',
  unit: 'a',
  unitWords: 'years',
  range: { min: 0, max: 130, decimals: 0 },
  bins: { from: 0, to: 110, step: 10 },
}

/** A usual measurement by its code and unit. */
export function fieldOf(loinc: string, unit: string): AskableField | undefined {
  return FIELDS.find((each) => each.loinc === loinc && each.unit === unit)
}
