import { MedsyncError } from '../errors.ts'

/** Criteria that nobody could be matched with, or resources of more than one patient. Nothing was matched. */
export class MatchingError extends MedsyncError {
  override readonly name = 'MatchingError'
}
