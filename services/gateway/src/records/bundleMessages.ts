import type { BundleContents, BundleLimits } from './bundleContents.ts'

/** What the gateway tells the thread that reads Bundles; `reading` numbers one upload. */
export type ToWorker =
  | { readonly reading: number; readonly type: 'open'; readonly limits: BundleLimits }
  | { readonly reading: number; readonly type: 'write'; readonly bytes: Uint8Array }
  | { readonly reading: number; readonly type: 'end' }
  | { readonly reading: number; readonly type: 'abandon' }

/** What the thread answers: one `took` a `write`, at last one `done`; or `failed`, and nothing after it. */
export type FromWorker =
  | { readonly reading: number; readonly type: 'took'; readonly resources: number }
  | { readonly reading: number; readonly type: 'done'; readonly contents: BundleContents }
  | { readonly reading: number; readonly type: 'failed'; readonly code: string; readonly details: string }
