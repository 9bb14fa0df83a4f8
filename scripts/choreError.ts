/** A chore that cannot go on: what happened and what the person at the keyboard can do. No stack is shown for it. */
export class ChoreError extends Error {
  override readonly name = 'ChoreError'
  readonly code: `${string}/${string}`
  readonly hint: string

  /**
   * @param code - For machines and tests, area first: `toolchain/checksum`.
   * @param what - What happened, one sentence.
   * @param hint - What to do next, one sentence.
   */
  constructor(code: `${string}/${string}`, what: string, hint: string, options?: ErrorOptions) {
    super(`${what} ${hint}`, options)
    this.code = code
    this.hint = hint
  }
}
