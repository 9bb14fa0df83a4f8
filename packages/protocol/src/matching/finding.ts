import type { Verdict } from './verdict.ts'

/** Something of the record that was compared. Contents: it stays at the hospital. */
export type Evidence = {
  /** Type and id of the resource. */ readonly source: string
  /** What the resource says, in words. */ readonly found: string
  /** What it alone would mean for what is asked. */ readonly verdict: Verdict
}

/** Why something could not be compared. */
export type MissingReason =
  | 'not-in-record'
  | 'no-date'
  | 'unreadable'
  | 'other-code-system'
  | 'no-known-unit'
  | 'other-kind-of-value'
  | 'not-certain'
  | 'date-too-vague'

/** What would have to be known to decide. */
export type Missing = {
  readonly reason: MissingReason
  /** What is missing, in words. */ readonly what: string
  /** The resource that says too little, if there is one. */ readonly source?: string
}

/** What a record says about what is asked. */
export type Finding = { readonly verdict: Verdict; readonly evidence: readonly Evidence[]; readonly missing: readonly Missing[] }

/** Resources in one order, whatever order they came in. */
export const bySource = (one: { readonly source: string }, other: { readonly source: string }): number =>
  one.source < other.source ? -1 : one.source > other.source ? 1 : 0
