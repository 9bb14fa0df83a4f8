/**
 * What runs MedSync's app: one machine of one's own (`@medsync/context/embedded`), or a network of Calimero nodes. The app's methods and
 * their answers are the same on both; so whoever writes against this face need not know which one it is.
 *
 * A call is all or nothing: when it fails, in whatever way, neither the state nor the events know of it.
 */
export type ContextEngine = {
  /** Those in whose name calls can be made here: all hospitals of the circle on one machine, one's own node in a network. */
  readonly members: readonly EngineMember[]

  /**
   * Makes the circle's state by the app's `init`; `member` is its first member and keeper. Once, before any call.
   * @throws {AlreadyInitialisedError} There is a state; it was left as it is.
   */
  initialise(member: string, args: MethodArguments, options?: CallOptions): Promise<void>

  /**
   * Runs one method of the app in the name of a member.
   * @param member - A name of `members`.
   * @param args - By name, as the method declares them.
   * @returns What the method answers, parsed from JSON and not yet checked: parse it (zod) before use.
   * @throws {EngineError} One class per failure; see `engineErrors.ts`.
   * @example
   * await engine.call('mercy', 'catalogue_of', { patient: '0x1' }) // [{ record: '…', … }]
   */
  call(member: string, method: string, args: MethodArguments, options?: CallOptions): Promise<unknown>

  /**
   * What the app says has happened, from now on and in order. Nothing is told twice and nothing is told again later: whoever was away
   * reads the state.
   * @throws {EventsMissedError} From the iterator, when its reader was too slow; read the state and subscribe again.
   */
  events(options?: CallOptions): AsyncIterable<ContextEvent>

  /** Ends the engine when the calls that run have ended; later ones are refused. A second time does nothing. */
  close(): Promise<void>
}

/** Somebody in whose name calls are made. */
export type EngineMember = {
  readonly name: string
  /** Public key in the circle (ed25519): 64 lower-case hex digits. */
  readonly executor: string
}

/** Arguments by name; anything JSON can say. */
export type MethodArguments = Readonly<Record<string, unknown>>

/** Options of every call. */
export type CallOptions = {
  /** Stops the waiting. A call that already runs may still take effect, as with any call whose answer was lost. */
  readonly signal?: AbortSignal | undefined
}

/** One thing that happened: ids, never contents. */
export type ContextEvent = {
  /** Another for each event, ascending while the engine is open; the embedded engine goes on with it after a restart. */
  readonly id: string
  /** Name of the event in the app. */
  readonly kind: string
  /** What the app put into it, parsed from JSON and not yet checked. */
  readonly data: unknown
}
