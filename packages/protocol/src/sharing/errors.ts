import { MedsyncError } from '../errors.ts'

/** A round that cannot be, or a message that does not fit it. */
export class RoundError extends MedsyncError {
  override readonly name = 'RoundError'
}

/** Shares that give no secret, or not surely the right one. `hospitals` are those to blame, where that is known. */
export class ShareError extends MedsyncError {
  override readonly name = 'ShareError'
  readonly hospitals: readonly string[]

  constructor(code: ConstructorParameters<typeof MedsyncError>[0], hospitals: readonly string[], details = hospitals.join(', ')) {
    super(code, details)
    this.hospitals = hospitals
  }
}

/** A number, a table or a question that the shared statistics do not take. */
export class QuestionError extends MedsyncError {
  override readonly name = 'QuestionError'
}
