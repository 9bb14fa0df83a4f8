import { nameOf } from './coding.ts'
import type { AskedValue, Bounds, Criterion, Window } from './criteria.ts'
import type { Length } from './spans.ts'

const UNITS: Readonly<Record<Length['unit'], string>> = { a: 'years', mo: 'months', wk: 'weeks', d: 'days' }

/**
 * A criterion as a patient or a researcher reads it, with whether it leaves people out.
 * @example
 * describeCriterion(criterion) // 'Left out: condition Diabetes mellitus type 2 (44054006), on the day'
 */
export function describeCriterion(criterion: Criterion): string {
  return `${criterion.isExcluded ? 'Left out' : 'Needed'}: ${describeAsked(criterion)}`
}

/** What is asked, without whether it leaves people out. */
export function describeAsked(criterion: Criterion): string {
  switch (criterion.topic) {
    case 'age':
      return `age ${boundsInWords(criterion.bounds)} ${UNITS[criterion.unit]}`
    case 'gender':
      return `administrative gender ${criterion.genders.join(' or ')}`
    case 'birth-sex':
      return `sex noted at birth ${criterion.genders.join(' or ')}`
    case 'observation':
      return `newest ${criterion.codes.map(nameOf).join(' or ')} ${valueInWords(criterion.value)}${windowInWords(criterion.window, '')}`
    default:
      return `${criterion.topic} ${criterion.sought.map(nameOf).join(' or ')}${windowInWords(criterion.window, criterion.topic === 'procedure' ? ', ever' : ', on the day')}`
  }
}

function valueInWords(value: AskedValue): string {
  if (value.kind === 'quantity') return `${boundsInWords(value.bounds)} ${value.unit}`
  return value.kind === 'concept' ? `is ${value.sought.map(nameOf).join(' or ')}` : `is ${value.value ? 'yes' : 'no'}`
}

function boundsInWords({ low, high, hasLow, hasHigh }: Bounds): string {
  if (low === high) return `exactly ${low}`
  if (low === -Infinity) return `${hasHigh ? 'at most' : 'below'} ${high}`
  return high === Infinity ? `${hasLow ? 'at least' : 'above'} ${low}` : `from ${low} to ${high}`
}

function windowInWords(window: Window | undefined, otherwise: string): string {
  if (window === undefined) return otherwise
  if (window.kind === 'within') return `, in the last ${window.length.count} ${UNITS[window.length.unit]}`
  const [from, to] = [dateOf(window.fromMs), dateOf(window.toMs)]
  if (from === undefined) return `, before ${to}`
  return to === undefined ? `, since ${from}` : `, from ${from} until before ${to}`
}

const dateOf = (ms: number): string | undefined => (Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 10) : undefined)
