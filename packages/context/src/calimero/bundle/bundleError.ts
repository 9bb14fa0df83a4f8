import { EngineError } from '../../engine/engineErrors.ts'

/** A bundle of the app is not to be installed. */
export class BundleError extends EngineError {
  override readonly name = 'BundleError'
  /** @param reason - What is wrong with it. */
  constructor(reason: string, options?: ErrorOptions) {
    super('context/bundle', reason, options)
  }
}
