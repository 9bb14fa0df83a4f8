import { type PortalCode, portalWords } from './portalWords.ts'

/** A failure that happened in the browser, in the shape of a MedsyncError: a code, what happened, what to do. */
export class PortalError extends Error {
  override readonly name = 'PortalError'
  readonly code: PortalCode
  readonly what: string
  readonly hint: string

  /** @param details - Ids that help to find the case; put behind what happened. */
  constructor(code: PortalCode, options?: ErrorOptions & { readonly details?: string }) {
    const words = portalWords[code]
    const what = options?.details === undefined ? words.what : `${words.what} (${options.details})`
    const { hint } = words
    super(`${what} ${hint}`, options)
    this.code = code
    this.what = what
    this.hint = hint
  }
}
