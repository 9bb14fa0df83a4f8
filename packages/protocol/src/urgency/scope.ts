/** Why NEWS2 says nothing about a person. `age-unknown` until the record says when they were born. */
export type OutOfScope = 'under-16' | 'age-unknown' | 'pregnant'

const MIN_YEARS = 16
const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/

/**
 * Whether NEWS2 may be used for a person at all; undefined when it may. This decides *whether*, never *how much*: `scoreUrgency` knows no age. Who is out
 * of scope is scored without observations (so as somebody of whom nothing is known) until a clinician decides (`decideScore`).
 * @param bornOn - FHIR date; of a year or a month its last day counts, so that nobody is taken for older than they may be.
 * @source Royal College of Physicians, NEWS2, 2017: not for children under 16 years, nor in pregnancy.
 */
export function news2OutOfScope(person: { bornOn: string | undefined; isPregnant: boolean }, nowS: number): OutOfScope | undefined {
  const [, year, month, day] = DATE.exec(person.bornOn ?? '') ?? []
  if (year === undefined) return 'age-unknown'
  const of16 = Number(year) + MIN_YEARS
  const months = month === undefined ? 12 : Number(month) - 1
  const comesOfAgeMs =
    day === undefined ? Date.UTC(of16, month === undefined ? months : months + 1, 0) : Date.UTC(of16, months, Number(day))
  if (Number.isNaN(comesOfAgeMs)) return 'age-unknown'
  if (nowS * 1_000 < comesOfAgeMs) return 'under-16'
  return person.isPregnant ? 'pregnant' : undefined
}
