import type { NewCase } from '@medsync/protocol'
import { localMinute } from './vitalsDraft.ts'

/** A case as its form holds it. */
export type NewCaseDraft = {
  readonly record: string
  readonly specialty: string
  /** Values of `datetime-local` inputs, in the reader's zone; `episodeFrom` may be empty. */
  readonly arrivedAt: string
  readonly episodeFrom: string
  readonly needsScale2: boolean
  readonly isPregnant: boolean
}

const DAY_MS = 86_400_000
const MAX_BEFORE_DAYS = 30
const SKEW_MS = 5 * 60_000

/** What the form starts with: somebody who arrived now. */
export function emptyCaseDraft(nowMs: number): NewCaseDraft {
  return { record: '', specialty: 'emergency', arrivedAt: localMinute(nowMs), episodeFrom: '', needsScale2: false, isPregnant: false }
}

/** What stands in the way, by field; empty when nothing does. */
export function problemsOfCase(draft: NewCaseDraft, nowMs: number): Partial<Record<keyof NewCaseDraft, string>> {
  const problems: Partial<Record<keyof NewCaseDraft, string>> = {}
  const [arrivedMs, fromMs] = [Date.parse(draft.arrivedAt), Date.parse(draft.episodeFrom)]
  if (draft.record === '') problems.record = 'Choose whose case it is.'
  if (Number.isNaN(arrivedMs)) problems.arrivedAt = 'Say when the patient arrived.'
  else if (arrivedMs > nowMs + SKEW_MS) problems.arrivedAt = 'That is in the future.'
  else if (arrivedMs < nowMs - MAX_BEFORE_DAYS * DAY_MS) problems.arrivedAt = `At most ${MAX_BEFORE_DAYS} days ago.`
  if (draft.episodeFrom !== '') {
    if (Number.isNaN(fromMs) || fromMs > nowMs + SKEW_MS) problems.episodeFrom = 'That is no time in the past.'
    else if (fromMs < arrivedMs - MAX_BEFORE_DAYS * DAY_MS) problems.episodeFrom = `At most ${MAX_BEFORE_DAYS} days before the arrival.`
  }
  return problems
}

/** What the gateway is told; call it only when `problemsOfCase` found nothing. */
export function newCaseOf(draft: NewCaseDraft): Omit<NewCase, 'record'> & { readonly record: string } {
  return {
    record: draft.record,
    specialty: draft.specialty,
    arrivedAtS: Math.floor(Date.parse(draft.arrivedAt) / 1000),
    ...(draft.episodeFrom === '' ? {} : { episodeFromS: Math.floor(Date.parse(draft.episodeFrom) / 1000) }),
    ...(draft.needsScale2 ? { oxygenScale: 2 as const } : {}),
    ...(draft.isPregnant ? { isPregnant: true } : {}),
  }
}
