import type { BundleContents, BundleLimits } from './bundleContents.ts'

/** What the gateway tells a thread that reads Bundles; `reading` numbers one upload. */
export type ToWorker =
  | { readonly reading: number; readonly type: 'open'; readonly limits: BundleLimits }
  | { readonly reading: number; readonly type: 'write'; readonly bytes: Uint8Array }
  | { readonly reading: number; readonly type: 'end' }
  | { readonly reading: number; readonly type: 'abandon' }

/**
 * What the thread answers: `ready` once, when it has loaded; then one `took` a `write`, at last one `done`; or `failed`, and nothing after it; and one `free` an
 * `abandon`, which ends each reading.
 */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly reading: number; readonly type: 'took'; readonly resources: number }
  | { readonly reading: number; readonly type: 'done'; readonly contents: BundleContents }
  | { readonly reading: number; readonly type: 'failed'; readonly code: string; readonly details: string }
  | { readonly reading: number; readonly type: 'free' }
