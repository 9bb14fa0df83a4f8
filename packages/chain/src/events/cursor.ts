import { feltSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Deployment } from '../deployment.ts'
import type { BlockMark } from '../reads/readBlock.ts'

/** How many blocks a cursor remembers. A reorganisation deeper than that is read from the deployment's first block again. */
export const REMEMBERED_BLOCKS = 64

/** Parses a cursor that was stored. */
export const cursorSchema = z.object({
  /** All events up to and with this block are read. */
  blockNumber: z.number().int().min(-1),
  /** Blocks on the way here, oldest first; the last one is `blockNumber`, unless nothing was read yet. */
  recent: z.array(
    z.object({ number: z.number().int().min(0), hash: feltSchema, timestampS: z.number().int().min(0), transactions: feltSchema }),
  ),
})

/** How far events are read, and which blocks that rests on. Plain JSON: store it in one transaction with what was made of the events. */
export type Cursor = { readonly blockNumber: number; readonly recent: readonly BlockMark[] }

/** The cursor before the first event. */
export function cursorAtStart({ startBlock }: Pick<Deployment, 'startBlock'>): Cursor {
  return { blockNumber: startBlock - 1, recent: [] }
}

/** The cursor after all events up to and with `mark`. */
export function advanceCursor(cursor: Cursor, mark: BlockMark): Cursor {
  return { blockNumber: mark.number, recent: [...cursor.recent, mark].slice(-REMEMBERED_BLOCKS) }
}

/** The cursor after everything behind the remembered block `mark` was forgotten. */
export function rewindCursor(cursor: Cursor, mark: BlockMark): Cursor {
  return { blockNumber: mark.number, recent: cursor.recent.filter((one) => one.number <= mark.number) }
}

/** Whether two marks are of the same block. */
export function isSameBlock(one: BlockMark, other: BlockMark | undefined): boolean {
  if (other === undefined || one.number !== other.number || one.hash !== other.hash) return false
  return one.timestampS === other.timestampS && one.transactions === other.transactions
}
