/** The most that one release may hold. */
export type ReleaseLimits = {
  /** UTF-8 bytes of the Bundle's JSON, before it is packed. */
  readonly maxBytes: number
  readonly maxResources: number
}

/** As without any in the environment: as much as a Bundle that is uploaded may hold. */
export const RELEASE_LIMITS: ReleaseLimits = { maxBytes: 32 * 1_048_576, maxResources: 50_000 }

/**
 * Bytes of stored resources that are opened for one release. More than it may hold, since of what is opened only a part leaves: stored resources
 * have fields that do not, and a period leaves some of them out.
 */
export function maxOpenedBytes({ maxBytes }: ReleaseLimits): number {
  return 2 * maxBytes
}
