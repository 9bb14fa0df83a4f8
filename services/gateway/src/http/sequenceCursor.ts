import * as z from 'zod'
import { readCursor, writeCursor } from './pageCursor.ts'

const sequence = z.number().int().min(0)

/**
 * The number that a list goes on after; null for the first page.
 * @throws {InputError} It was not written by us.
 */
export function readSequence(after: string | undefined): number | null {
  return readCursor(after, sequence) ?? null
}

/** `next` of a page whose last item has this number; null when nothing comes after it. */
export function writeSequence(next: number | null | undefined): string | null {
  return next === null || next === undefined ? null : writeCursor(next)
}
