import { setTimeout as sleep } from 'node:timers/promises'
import { isNodeStuck } from './isNodeStuck.ts'
import type { RunningNode } from './startNode.ts'

const LOOK_EVERY_MS = 15_000
/** A sync that got stuck holds calls up for 30 s, and passes. */
const PATIENCE_MS = 60_000

/** Waits until a node lives and answers no call any more, a fault of rc.4 that only a new start ends. Never, when it ends before. */
export async function untilStuck({ access, child }: RunningNode): Promise<'stuck'> {
  do await sleep(LOOK_EVERY_MS, undefined, { ref: false })
  while (child.isRunning() && !(await isNodeStuck(access, PATIENCE_MS)))
  return child.isRunning() ? 'stuck' : new Promise(() => undefined)
}
