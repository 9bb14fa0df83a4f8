/** Where the time comes from; tests pass one that they move by hand. */
export type Clock = {
  /** Present time, whole seconds since 1970. */
  nowS(): number
}

/** The machine's clock. */
export const systemClock: Clock = { nowS: () => Math.floor(Date.now() / 1_000) }
