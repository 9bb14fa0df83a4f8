import type * as z from 'zod'
import { NodeFailedError } from '../../engine/nodeErrors.ts'
import type { HttpAnswer } from './sendHttp.ts'

/**
 * What a node answered, checked.
 * @param what - What was asked for, by name.
 * @throws {NodeFailedError} It is not what rc.4 answers.
 */
export function parseAnswer<T>(what: string, { status, text }: HttpAnswer, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  throw new NodeFailedError(`${what}, an answer of another shape at "${parsed.error.issues[0]?.path.join('.')}"`, status, text)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
