import { MedsyncError } from '@medsync/protocol'

/** Why a language model has not answered. */
export type ModelFailure = 'urgency/model-unreachable' | 'urgency/model-late' | 'urgency/model-odd'

/** A language model gave no answer. The score stands without it. */
export class ModelError extends MedsyncError {
  override readonly name = 'ModelError'
  readonly failure: ModelFailure

  constructor(failure: ModelFailure, options?: ErrorOptions) {
    super(failure, '', options)
    this.failure = failure
  }
}
