import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { EngineMember } from '../engine/contextEngine.ts'
import type { Failure } from './failure.ts'

/** What the worker thread is started with. */
export type WorkerSettings = {
  readonly folder: string
  readonly storeKey: KeyObject | undefined
  readonly module: WebAssembly.Module
  readonly isReusable: boolean
  readonly sizeLimitBytes: number
  /** Shared with the main thread: how far the call in hand is (see `phase`), and how much of a core the thread had used when it began. */
  readonly words: Int32Array<SharedArrayBuffer>
}

/** Places in `words`. */
export const word = { phase: 0, startedCpuMs: 1, count: 2 } as const

/** Time on a core, in milliseconds; fits into a word for 24 days. */
export function cpuMs({ user, system }: NodeJS.CpuUsage): number {
  return Math.floor((user + system) / 1_000)
}

/**
 * How far the call in hand is. The timer may end a call that is `running`, by making it `ended`; the worker may keep what a call did, by
 * making it `keeping`. Whoever comes first wins, so no call is both reported as ended and kept.
 */
export const phase = { waiting: 0, running: 1, keeping: 2, ended: 3 } as const

/** What the worker thread is asked for. */
export type Request =
  | { readonly is: 'call'; readonly id: number; readonly member: string; readonly method: string; readonly input: string }
  | { readonly is: 'add-member'; readonly id: number; readonly member: string }
  | { readonly is: 'close'; readonly id: number }

/** An event on its way out. */
export type WireEvent = { readonly id: string; readonly kind: string; readonly data: string; readonly handler: string | undefined }

/** What the worker thread says. */
export type Reply =
  | {
      readonly is: 'open'
      readonly members: readonly EngineMember[]
      readonly isInitialised: boolean
      readonly isNewlySealed: boolean
    }
  | { readonly is: 'not-open'; readonly failure: Failure }
  | {
      readonly is: 'done'
      readonly id: number
      readonly json: string
      readonly events: readonly WireEvent[]
      readonly members: readonly EngineMember[] | undefined
    }
  | { readonly is: 'failed'; readonly id: number; readonly failure: Failure }
  | { readonly is: 'log'; readonly line: EngineLogLine }

/** One line of the engine's log: names and counts, never arguments, results, or what the app logs. */
export type EngineLogLine = {
  readonly event: 'call' | 'handler-failed' | 'not-compacted' | 'restarted' | 'sealed'
  readonly member?: string
  readonly method?: string
  readonly outcome?: string
  /** Lines that the app logged. */
  readonly appLines?: number
}

/** The app's own errors: serde's `{kind, data}`. */
export const AppErrorShape = z.object({ kind: z.string().max(100), data: z.unknown().optional() })
