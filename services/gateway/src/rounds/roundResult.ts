import { rankingResultSchema, statisticsResultSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { PlayResult } from './roundPlay.ts'

const executor = z.string().regex(/^[0-9a-f]{64}$/)
const nonces = z.array(z.object({ hospital: executor, nonce: z.string().max(64) })).max(64)
const statedSchema = z.object({
  result: z.union([statisticsResultSchema, rankingResultSchema.omit({ nonces: true }).extend({ nonces })]),
  tampered: z.array(executor).max(64),
})

/** A result as its opener states it in the circle. */
export type StatedResult = { readonly result: PlayResult; readonly tampered: readonly string[] }

export function writeResult(stated: StatedResult): string {
  return JSON.stringify({ result: stated.result, tampered: stated.tampered })
}

/** Undefined when it is none: the opener may state anything. */
export function readResult(text: string | null): StatedResult | undefined {
  try {
    return text === null ? undefined : statedSchema.safeParse(JSON.parse(text)).data
  } catch {
    // The app takes JSON only; a member's own build may file anything.
    return undefined
  }
}

/** Whether two hospitals' results are the same. Whom they name may differ: who sends false shares can send them to some only. */
export function isSameResult(one: PlayResult, other: PlayResult): boolean {
  return canonical(one) === canonical(other)
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part,
  )
