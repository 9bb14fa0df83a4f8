/** The seven parameters of NEWS2, in the order of its chart. */
export const PARAMETERS = [
  'respiratoryRate',
  'oxygenSaturation',
  'oxygen',
  'systolicPressure',
  'pulse',
  'consciousness',
  'temperature',
] as const
export type Parameter = (typeof PARAMETERS)[number]

/** ACVPU. `confused` is new confusion: who has always been so is not. */
export const CONSCIOUSNESS = ['alert', 'confused', 'voice', 'pain', 'unresponsive'] as const
export type Consciousness = (typeof CONSCIOUSNESS)[number]

/** A number that is known to lie between two, both included: a rounded or bounded measurement. An exact one has `from` equal `to`. */
export type Span = { readonly from: number; readonly to: number }

/** What was read of each parameter and laboratory value; what was not is left out. */
export type Readings = {
  /** Breaths a minute. */ readonly respiratoryRate: Span
  /** Percent. */ readonly oxygenSaturation: Span
  /** Whether the patient breathes more oxygen than room air has. */ readonly oxygen: boolean
  /** mm[Hg]. */ readonly systolicPressure: Span
  /** Beats a minute. */ readonly pulse: Span
  readonly consciousness: Consciousness
  /** Degrees Celsius. */ readonly temperature: Span
  /** mmol/L. */ readonly lactate: Span
  /** 10^9/L. */ readonly neutrophils: Span
}
export type Quality = keyof Readings
/** What is read as a number. */
export type Measure = Exclude<Quality, 'oxygen' | 'consciousness'>

/**
 * SpO2 scale of NEWS2. Scale 2 is for hypercapnic respiratory failure with a prescribed target of 88-92 %. It scores lower, so it is only
 * ever a clinician's decision about this patient: no diagnosis in the record switches it on.
 */
export type OxygenScale = 1 | 2

/**
 * What can be measured in a living person or with a working device; anything outside is refused and named. Wide on purpose: a true extreme
 * that is refused would hide the sickest. The chart's outermost bands reach to these limits.
 * @source Lower and upper "valid" limits as data cleaning uses them (Wang et al., MIMIC-Extract, CHIL 2020), with zero left out where it means death
 * or a sensor that fell off, and narrower where physiology allows.
 */
export const LIMITS: { readonly [M in Measure]: Span } = {
  respiratoryRate: { from: 1, to: 120 },
  oxygenSaturation: { from: 10, to: 100 },
  systolicPressure: { from: 20, to: 350 },
  pulse: { from: 10, to: 350 },
  temperature: { from: 14, to: 46 },
  lactate: { from: 0, to: 60 },
  neutrophils: { from: 0, to: 500 },
}

/** Whether a number, or all of a span, lies within the limits of its kind. NaN does not. */
export function isPlausible(measure: Measure, { from, to }: Span): boolean {
  const limits = LIMITS[measure]
  return from >= limits.from && to <= limits.to && from <= to
}

/** A number as a span of one. */
export const exactly = (value: number): Span => ({ from: value, to: value })
