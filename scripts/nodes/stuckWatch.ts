import { setTimeout as sleep } from 'node:timers/promises'
import { isNodeStuck } from './isNodeStuck.ts'
import type { RunningNode } from './startNode.ts'

const LOOK_EVERY_MS = 5_000
/** A node that works answers within a second, one that compiles the app on a busy machine within some. */
const FIRST_PATIENCE_MS = 20_000
/** Where a new start did not help it was not the cause: a machine that is too busy is not made busier. */
const LONGEST_PATIENCE_MS = 60_000

/** What is asked of a node, and how often; for tests. */
export interface StuckWatchOptions {
  isStuck?: typeof isNodeStuck
  lookEveryMs?: number
}

/** What a watch needs of a running node. */
export type StuckCandidate = Pick<RunningNode, 'access'> & { readonly child: Pick<RunningNode['child'], 'isRunning'> }

/**
 * Notices that a node lives and answers no call of a circle any more: a deadlock of rc.4 between two changes that arrive at the same time,
 * often after another node was killed while it wrote. Only a new start ends it. One watch for all starts of a node: it waits longer before the
 * next one when the last one did not help.
 */
export class StuckWatch {
  readonly #isStuck: typeof isNodeStuck
  readonly #lookEveryMs: number
  #patienceMs = FIRST_PATIENCE_MS

  constructor({ isStuck = isNodeStuck, lookEveryMs = LOOK_EVERY_MS }: StuckWatchOptions = {}) {
    this.#isStuck = isStuck
    this.#lookEveryMs = lookEveryMs
  }

  /** How long the next call may take before the node counts as stuck. */
  get patienceMs(): number {
    return this.#patienceMs
  }

  /** Resolves when the node is stuck. Never, when it ends before. */
  async untilStuck({ access, child }: StuckCandidate): Promise<'stuck'> {
    for (;;) {
      const isStuck = await this.#isStuck(access, this.#patienceMs)
      if (!child.isRunning()) return await new Promise(() => undefined)
      this.#patienceMs = isStuck ? Math.min(LONGEST_PATIENCE_MS, 2 * this.#patienceMs) : FIRST_PATIENCE_MS
      if (isStuck) return 'stuck'
      await sleep(this.#lookEveryMs, undefined, { ref: false })
      if (!child.isRunning()) return await new Promise(() => undefined)
    }
  }
}
