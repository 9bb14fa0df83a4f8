import { MedsyncError } from '../errors.ts'

/** Something that no urgency score can be made of, or an override that says too little. Nothing was scored or changed. */
export class UrgencyError extends MedsyncError {
  override readonly name = 'UrgencyError'
}
