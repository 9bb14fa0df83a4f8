import { errorWords } from './errorWords.ts'

/** Base of every MedSync failure: a stable code for machines, what happened, and what to do next. Ids only, never contents. */
export abstract class MedsyncError extends Error {
  abstract override readonly name: string
  readonly code: string
  readonly what: string
  readonly hint: string

  /** @param details - Ids that help to find the case; put before the words of the table. */
  constructor(code: keyof typeof errorWords, details = '', options?: ErrorOptions) {
    const words = errorWords[code]
    const what = details === '' ? words.what : `${words.what} (${details})`
    super(`${what} ${words.hint}`, options)
    this.code = code
    this.what = what
    this.hint = words.hint
  }
}

/** Something that should be a felt, an address or an id is not one. */
export class MalformedIdError extends MedsyncError {
  override readonly name = 'MalformedIdError'
  constructor(kind: string) {
    super('input/malformed-id', kind)
  }
}

/** Terms of a consent that could never be decided upon as the patient means it. */
export class ConsentTermsError extends MedsyncError {
  override readonly name = 'ConsentTermsError'
}

/** Salts that hide nothing, or openings that do not give the commitment. */
export class CommitmentError extends MedsyncError {
  override readonly name = 'CommitmentError'
}

/** A wallet whose signatures cannot carry the patient's secret. */
export class ConsentSecretError extends MedsyncError {
  override readonly name = 'ConsentSecretError'
}

/** A list of entries that is not what the chain's head commits to. */
export class IncompleteLogError extends MedsyncError {
  override readonly name = 'IncompleteLogError'
}

/** A batch of entries that could not be proven to everyone in it. */
export class BatchError extends MedsyncError {
  override readonly name = 'BatchError'
}

/** A bundle of consents that the registry would not know its members by. */
export class BundleError extends MedsyncError {
  override readonly name = 'BundleError'
}

/** A study, request or price that cannot be. */
export class StudyTermsError extends MedsyncError {
  override readonly name = 'StudyTermsError'
}

/** Words for a failed contract call; `code` is the contract's own error text. */
export class ContractError extends MedsyncError {
  override readonly name = 'ContractError'
}
