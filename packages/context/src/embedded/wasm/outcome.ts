/** An event as the app emits it. */
export type EmittedEvent = {
  readonly kind: string
  /** UTF-8, JSON as a rule. */
  readonly data: string
  /** Method that the other members run with `data` as its arguments. */
  readonly handler: string | undefined
}

/** What a call left behind besides its writes. Texts of the app's log are counted, not kept: they may hold contents. */
export type Outcome = {
  /** JSON, or undefined when the method answers nothing. */
  returned: { readonly isOk: boolean; readonly json: string } | undefined
  /** Root hash of the state (32 bytes as a binary string), when the method committed; without it nothing it wrote is kept. */
  root: string | undefined
  /** The delta that a node would send to the others, as a binary string. */
  artifact: string
  readonly events: EmittedEvent[]
  logLines: number
}
