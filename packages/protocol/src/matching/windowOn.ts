import type { Window } from './criteria.ts'
import { before, type Span } from './spans.ts'

/** A criterion's window as a span of time, for matching on a day: never beyond that day. Undefined when it has none. */
export function windowOn(window: Window | undefined, day: Span): Span | undefined {
  if (window === undefined) return undefined
  if (window.kind === 'within') return { fromMs: before(day.fromMs, window.length), toMs: day.toMs }
  return { fromMs: window.fromMs, toMs: Math.min(window.toMs, day.toMs) }
}
