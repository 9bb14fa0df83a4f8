import { MedsyncError } from '../errors.ts'

/** A market that contradicts itself. Nothing was allocated. */
export class AllocationError extends MedsyncError {
  override readonly name = 'AllocationError'
}
