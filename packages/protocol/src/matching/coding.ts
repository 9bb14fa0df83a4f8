import * as z from 'zod'
import type { Verdict } from './verdict.ts'

/** A code with its system. */
export type Coding = { readonly system: string; readonly code: string; readonly display?: string | undefined }

const MAX_CODINGS = 200

const conceptSchema = z.object({
  coding: z
    .array(
      z.object({
        system: z.string().optional(),
        code: z.string().optional(),
        display: z.string().optional().catch(undefined),
      }),
    )
    .max(MAX_CODINGS)
    .optional(),
})

/** The codings of a concept that have system and code; a text, and a code of no system, can be compared with nothing. Empty for what is no concept. */
export function codingsOf(concept: unknown): Coding[] {
  const parsed = conceptSchema.safeParse(concept)
  return parsed.success
    ? (parsed.data.coding ?? []).flatMap(({ system, code, display }) =>
        system === undefined || code === undefined ? [] : [{ system, code, display }],
      )
    : []
}

/**
 * Whether one concept is one of those sought: by equal codes only, for there is no terminology here that knows what lies under what. Unknown when
 * they have no code system in common.
 */
export function isOneOf(codings: readonly Coding[], sought: readonly Coding[]): Verdict {
  if (codings.some((one) => sought.some((other) => one.system === other.system && one.code === other.code))) return 'met'
  return codings.some((one) => sought.some((other) => one.system === other.system)) ? 'not-met' : 'unknown'
}

/** A coding as people read it. */
export const nameOf = ({ display, code }: Coding): string => (display === undefined ? code : `${display} (${code})`)
