import { type ErrorCode, errorWords, MedsyncError } from '@medsync/protocol'
import { ShareError } from '@medsync/protocol/sharing'
import * as z from 'zod'
import { type Told, toldSchema } from './statisticsTold.ts'

/** The most that is read of somebody's reason. */
const MAX_NOTE = 200
/** So many fit into what the circle takes. */
const MAX_TOLD = 40
const reasonSchema = z.object({
  code: z
    .string()
    .max(100)
    .refine((code): code is ErrorCode => Object.hasOwn(errorWords, code)),
  hospitals: z.array(z.string().max(64)).max(64),
  note: z.string().max(MAX_NOTE).default(''),
  /** Answers that the one who gave the round up remembers, and its opener does not. */
  told: z.array(toldSchema).max(MAX_TOLD).default([]),
})

/** Why a round was given up, as it stands in the circle: executors, no words of what was in a message. */
export type StatedReason = z.output<typeof reasonSchema>

/** Something that ends a round; `hospitals` are the executors to blame or missing. */
export class RoundBlame extends MedsyncError {
  override readonly name = 'RoundBlame'
  readonly hospitals: readonly string[]
  readonly #code: ErrorCode
  readonly #told: readonly Told[]

  constructor(code: ErrorCode, hospitals: readonly string[], { told = [], ...options }: ErrorOptions & { told?: readonly Told[] } = {}) {
    super(code, hospitals.join(', '), options)
    this.#code = code
    this.hospitals = hospitals
    this.#told = told
  }

  /** What the circle is told. */
  get reason(): string {
    return writeReason({ code: this.#code, hospitals: [...this.hospitals], note: '', told: this.#told.slice(0, MAX_TOLD) })
  }

  /** Turns what the arithmetic refused into a reason; anything else is thrown again. */
  static from(failure: unknown): RoundBlame {
    if (failure instanceof RoundBlame) return failure
    if (!(failure instanceof ShareError)) throw failure
    const { code } = reasonSchema.parse({ code: failure.code, hospitals: [] })
    return new RoundBlame(code, failure.hospitals, { cause: failure })
  }
}

export function writeReason(reason: StatedReason): string {
  return JSON.stringify(reason)
}

/** Reads a reason that anybody may have written. */
export function readReason(text: string): StatedReason {
  return reasonSchema.safeParse(parsed(text)).data ?? { code: 'rounds/given-up', hospitals: [], note: '', told: [] }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Free text of another gateway: it is not shown.
    return undefined
  }
}
