import { createHash } from 'node:crypto'
import * as z from 'zod'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const executor = z.string().regex(/^[0-9a-f]{64}$/)
const closingSchema = z.strictObject({
  /** Whose contributions to the step before count, and the digest of what each said. In the order of the executors. */
  counted: z
    .array(z.tuple([executor, hash]))
    .min(1)
    .max(64),
})
const envelopeSchema = z.strictObject({
  v: z.literal(1),
  /** SHA-256 of what is sealed to each receiver, so that the sender has said one thing to all about what it told each. */
  sealed: z.record(executor, hash),
  /** The opener's: who counts in the step before. */
  closing: closingSchema.nullable(),
  /** Of all closings that the sender goes by. */
  transcript: hash,
  body: z.unknown(),
})

export type Closing = z.output<typeof closingSchema>
/** The open part of a contribution; all parties read it. */
export type Envelope = z.output<typeof envelopeSchema>

export function writeEnvelope(envelope: Envelope): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(envelope))
}

/** Undefined when it is none. */
export function readEnvelope(bytes: Uint8Array): Envelope | undefined {
  try {
    return envelopeSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).data
  } catch {
    // A member may publish bytes of any kind: the caller names it.
    return undefined
  }
}

export const digestOf = (...parts: readonly Uint8Array[]): string => {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(`${part.length}:`).update(part)
  return digest.digest('hex')
}

/** Goes on from the transcript so far. */
export const transcriptOf = (before: string, closing: Closing): string =>
  digestOf(new TextEncoder().encode(before), new TextEncoder().encode(JSON.stringify(closing.counted)))
