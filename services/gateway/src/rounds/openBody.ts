import type * as z from 'zod'
import { RoundBlame } from './roundBlame.ts'
import type { ReceivedMessage } from './roundPlay.ts'

/** The open part of each message, by sender. @throws {RoundBlame} Somebody's is none of this step. */
export function openBodies<Schema extends z.ZodType>(messages: readonly ReceivedMessage[], schema: Schema): Map<string, z.output<Schema>> {
  return new Map(
    messages.map(({ from, body }) => {
      const read = schema.safeParse(body)
      if (!read.success) throw new RoundBlame('rounds/false-message', [from])
      return [from, read.data]
    }),
  )
}

/** What was sealed to this hospital, by sender; its own stays here. What did not open is empty. */
export function sealedOf(messages: readonly ReceivedMessage[], me: string): Map<string, Uint8Array> {
  return new Map(messages.map(({ from, sealed }) => [from, from === me ? new Uint8Array() : (sealed ?? new Uint8Array())]))
}
