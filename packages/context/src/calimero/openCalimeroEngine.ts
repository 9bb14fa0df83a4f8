import type { CallOptions } from '../engine/contextEngine.ts'
import type { CalimeroEngine } from './calimeroEngine.ts'
import type { NodeAccess } from './node/nodeAccess.ts'

/** How the engine over real nodes is opened. */
export type CalimeroOptions = CallOptions & {
  /** Of the circle's `CircleIds`; base58. */
  readonly contextId: string
  /**
   * Who acts through which node; each has joined the circle. With `executor` (the answer of `joinCircle`) the engine opens also while
   * that node is away; without it the node is asked.
   */
  readonly nodes: readonly { readonly member: string; readonly access: NodeAccess; readonly executor?: string | undefined }[]
  /** How long a call may take, retries and all; 60 s unless said. */
  readonly timeoutMs?: number | undefined
}

/** Opens the private context on real nodes. */
export async function openCalimeroEngine(options: CalimeroOptions): Promise<CalimeroEngine> {
  throw new Error(`not written yet: ${options.contextId}`)
}
