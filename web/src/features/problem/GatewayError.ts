import type { errorAnswerSchema, IdentityDifference } from '@medsync/protocol'
import type * as z from 'zod'

/** A failure that the gateway answered with; its words come with the answer. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: string
  readonly what: string
  readonly hint: string
  /** Finds the request in the gateway's logs. */
  readonly id: string
  readonly status: number
  /** What differs when an upload waits for a confirmation: `record/identity-differs`. */
  readonly identity: IdentityDifference | undefined

  constructor(answer: z.output<typeof errorAnswerSchema>, status: number) {
    super(`${answer.message} ${answer.hint}`)
    this.code = answer.code
    this.what = answer.message
    this.hint = answer.hint
    this.id = answer.id
    this.status = status
    this.identity = answer.identity
  }
}
