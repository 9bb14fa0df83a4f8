import type { AccountQueue } from '@medsync/chain'
import type { KnownRequest, KnownStudy } from '../chain/poolState.ts'
import type { EventHub } from '../events/eventHub.ts'
import type { Tenant } from '../tenants/tenants.ts'
import type { Journal } from './journal.ts'
import type { JudgeOptions } from './judgeRequest.ts'
import type { Releases } from './releases.ts'

/** What answering needs. */
export type AnswerOptions = JudgeOptions & {
  readonly journal: Journal
  readonly releases: Releases
  readonly events: EventHub
  /** Signs for the hospital. */
  readonly queue: AccountQueue
  /** Staff decided that it shall be refused. */
  readonly isToRefuse?: boolean
}

/** One request, the hospital that is asked, and the study it is for. */
export type AnswerCase = { readonly tenant: Tenant; readonly request: KnownRequest; readonly study: KnownStudy }

/** What one try came to; `again` is worth another one, later. */
export type Outcome = { readonly kind: 'answered' | 'concluded' } | { readonly kind: 'again'; readonly inMs: number }

/** Another look, when the chain has told more. */
export const SOON = { kind: 'again', inMs: 1_000 } as const satisfies Outcome

/** What is waited for wakes the worker; this is for the time of the chain, which may run ahead of the machine's. */
export const LATER = { kind: 'again', inMs: 5_000 } as const satisfies Outcome
