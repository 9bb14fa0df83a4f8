const PREFIX = '(?:Y|Z|E|P|T|G|M|k|h|da|d|c|m|u|n|p|f|a)?'
const METRIC = [
  ...[
    'm[Hg]',
    'm[H2O]',
    'mol',
    'meq',
    'eq',
    'osm',
    'Pa',
    'bar',
    'Cel',
    'cal',
    'kat',
    'Ohm',
    'lm',
    'lx',
    'cd',
    'Bq',
    'Ci',
    'Gy',
    'Sv',
    'rad',
  ],
  ...[
    'Hz',
    'dyn',
    'erg',
    'U',
    '[IU]',
    '[iU]',
    "[arb'U]",
    'm',
    'g',
    's',
    'L',
    'l',
    'K',
    'N',
    'J',
    'W',
    'V',
    'A',
    'C',
    'F',
    'S',
    'T',
    'B',
    't',
  ],
]
const OTHER = [
  ...['min', 'h', 'd', 'wk', 'mo', 'mo_s', 'mo_j', 'mo_g', 'a', 'a_j', 'a_g', 'a_t', '%', 'deg', "'", "''", 'sr', 'gf', 'st'],
  ...[
    '[pH]',
    '[ppth]',
    '[ppm]',
    '[ppb]',
    '[pptr]',
    '[degF]',
    '[degR]',
    '[in_i]',
    "[in_i'H2O]",
    "[in_i'Hg]",
    '[ft_i]',
    '[yd_i]',
    '[mi_i]',
    '[lb_av]',
  ],
  ...[
    '[oz_av]',
    '[gr]',
    '[stone_av]',
    '[gal_us]',
    '[qt_us]',
    '[pt_us]',
    '[cup_us]',
    '[foz_us]',
    '[tbs_us]',
    '[tsp_us]',
    '[sin_i]',
    '[sft_i]',
  ],
  ...[
    '[HPF]',
    '[LPF]',
    '[drp]',
    '[CFU]',
    '[cfu]',
    '[PFU]',
    '[FFU]',
    '[TCID_50]',
    '[CCID_50]',
    '[EID_50]',
    '[BAU]',
    '[AU]',
    '[EU]',
    '[Lf]',
    '[PNU]',
  ],
  ...[
    "[USP'U]",
    "[APL'U]",
    "[GPL'U]",
    "[MPL'U]",
    "[beth'U]",
    "[anti'Xa'U]",
    "[Amb'a'1'U]",
    "[D'ag'U]",
    "[todd'U]",
    "[tb'U]",
    "[bdsk'U]",
    "[ka'U]",
  ],
  ...[
    "[mclg'U]",
    "[knk'U]",
    "[dye'U]",
    "[hnsf'U]",
    "[smgy'U]",
    "[wood'U]",
    '[MET]',
    '[S]',
    '[diop]',
    "[p'diop]",
    '[Ch]',
    '[bbl_us]',
    '[psi]',
    '[k]',
  ],
]
const WORDS_IN_BRACES = new Set(
  (
    '# score nominal count counts number ratio index titer beats breaths cells cell tablet tablets capsule capsules dose doses puff puffs drop drops unit units ' +
    'day days week weeks month months year years min minutes visit visits episode episodes event events step steps copies copy INR pH RBC WBC WBCs RBCs 100WBC ' +
    "GPLU MPLU APLU AU CAE'U eGFR 1.73_m2 1.73m2 log percentile zscore z-score T-score Z-score S/CO S_CO_ratio ISR Ct bpm fetus fetuses births pregnancies packs " +
    'cigarettes cig drinks drink person persons spray sprays patch application applications actuat actuation Ehrlich EhrlichU TSI_index creat creatinine'
  ).split(' '),
)

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
const longestFirst = (names: readonly string[]): string =>
  [...names]
    .sort((one, other) => other.length - one.length)
    .map(escaped)
    .join('|')
const COMPONENT = `(?:(?:${longestFirst(OTHER)}|${PREFIX}(?:${longestFirst(METRIC)}))(?:[+-]?\\d{1,2})?|10[*^][+-]?\\d{1,2}|\\d{1,6})`
const MAX_CODE = 60
const BRACES = /\{([^{}]*)\}/g
const UCUM = new RegExp(`^/?${COMPONENT}(?:[./]${COMPONENT})*$`)

/** Ways in which units are written for people, beside UCUM. */
const WRITTEN = new Set(
  [
    'mmHg, mm Hg, kPa, bpm, beats/min, beats/minute, beats per minute, /minute, per minute, breaths/min, breaths/minute, breaths per minute, rpm',
    'degrees C, degrees F, degC, degF, °C, °F, C, F, Celsius, Fahrenheit, percent, % sat, %{sat}, pH, ratio, score, points, index, count, titer, INR',
    'kg, kilogram, kilograms, g, gram, grams, mg, milligram, milligrams, mcg, µg, μg, ug, microgram, micrograms, lb, lbs, pound, pounds, oz, ounce, ounces',
    'cm, centimeter, centimeters, m, meter, meters, in, inch, inches, ft, feet, mm, l, litre, liter, litres, liters, ml, cc, milliliter, milliliters, dl',
    's, sec, second, seconds, min, minute, minutes, h, hr, hrs, hour, hours, d, day, days, wk, week, weeks, mo, month, months, y, yr, yrs, year, years',
    'tablet, tablets, tab, tabs, capsule, capsules, cap, caps, puff, puffs, drop, drops, dose, doses, unit, units, iu, u, spray, sprays, patch, patches, ampoule, vial',
    'µl, μl, mcl, µmol/l, μmol/l, umol/l, mcg/ml, mcg/l, µg/l, μg/l, µg/ml, μg/ml, mcg/dl, µg/dl, μg/dl, x10^9/l, 10^9/l, x10^12/l, 10^12/l, x10e3/ul, k/ul, m/ul, thou/ul, mil/ul, 10*3/µl, 10*6/µl',
    'mm/hr, mm/h, ml/min/1.73m2, ml/min/1.73 m2, ml/min/1.73m², kg/m², kg/m2, m², cm², mosm/kg, meq/l, u/l, iu/l, miu/ml, miu/l, uiu/ml, copies/ml, cells/ul, /hpf, /lpf',
  ].flatMap((line) => line.split(', ')),
)

/**
 * A UCUM code as it may leave. Braces in UCUM hold a comment, and so any text: a comment that is not a usual one is left out, which by UCUM's rules does not change the unit.
 * @returns Undefined when it is no unit.
 * @source The Unified Code for Units of Measure 2.1 (ucum.org), sections 2.1 to 2.4.
 * @example
 * releasedUcum('mg/dL')               // 'mg/dL'
 * releasedUcum('{seen by Ann}/min')   // '/min'
 * releasedUcum('see the note')        // undefined
 */
export function releasedUcum(code: string): string | undefined {
  if (code.length > MAX_CODE) return undefined
  const kept = withOnes(code.replace(BRACES, (comment, said: string) => (WORDS_IN_BRACES.has(said) ? comment : '')))
  const unit = withOnes(kept.replace(BRACES, ''))
  const isUnit = unit === '' ? kept !== '' : UCUM.test(unit)
  return isUnit ? kept : undefined
}

/** An operator that lost what stood after it applies to one: `mg/{dose}` is `mg/1`. */
function withOnes(unit: string): string {
  return unit.replace(/([./])(?=[./]|$)/g, (operator) => `${operator}1`)
}

/** Whether a unit written for people is one, by a closed list. */
export function isWrittenUnit(unit: string): boolean {
  return WRITTEN.has(unit.trim()) || WRITTEN.has(unit.trim().toLowerCase())
}
