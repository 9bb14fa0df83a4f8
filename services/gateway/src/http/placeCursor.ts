import * as z from 'zod'
import { readCursor, writeCursor } from './pageCursor.ts'

/** As the private context's app writes it: number and node. */
const place = z.string().regex(/^\d{1,20}\.[0-9a-f]{64}$/)

/**
 * The place in the circle's order that a list goes on after; null for the first page.
 * @throws {InputError} It was not written by us.
 */
export function readPlace(after: string | undefined): string | null {
  return readCursor(after, place) ?? null
}

/** `next` of a page; null when nothing comes after it. */
export function writePlace(next: string | null): string | null {
  return next === null ? null : writeCursor(next)
}
