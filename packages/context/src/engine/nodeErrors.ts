import { EngineError } from './engineErrors.ts'

/** The address is not one of this machine. */
export class NodeAddressError extends EngineError {
  override readonly name = 'NodeAddressError'
  constructor() {
    super('context/node-address')
  }
}

/** How a node failed to answer. */
export type NodeSilence = 'unreachable' | 'broke off' | 'too slow'

/**
 * No answer came. A call may have taken effect all the same, unless the node was `unreachable`.
 */
export class NodeAwayError extends EngineError {
  override readonly name = 'NodeAwayError'
  readonly silence: NodeSilence
  constructor(silence: NodeSilence, options?: ErrorOptions) {
    super('context/node-away', silence, options)
    this.silence = silence
  }
}

/** The node belongs to another password. */
export class NodeRefusedError extends EngineError {
  override readonly name = 'NodeRefusedError'
  constructor() {
    super('context/node-refused')
  }
}

/** The node has not joined the circle, or what it needs has not arrived yet. Nothing was changed. */
export class NodeNotReadyError extends EngineError {
  override readonly name = 'NodeNotReadyError'
  /** Whether it may pass by itself. */
  readonly isPassing: boolean
  constructor(reason: string, isPassing: boolean, options?: ErrorOptions) {
    super('context/node-not-ready', reason, options)
    this.isPassing = isPassing
  }
}

/** The node answered with a failure that has no meaning of its own here, or with what rc.4 does not say. */
export class NodeFailedError extends EngineError {
  override readonly name = 'NodeFailedError'
  /** The HTTP status. */
  readonly status: number
  readonly #words: string
  /**
   * @param what - What was asked for, by name.
   * @param words - What the node said. It may hold contents; so it is in no message and no print of this error.
   */
  constructor(what: string, status: number, words = '', options?: ErrorOptions) {
    super('context/node-failed', `${what}: ${status}`, options)
    this.status = status
    this.#words = words
  }

  /** What the node said, for a developer's eyes: it may hold contents, so never log it. */
  words(): string {
    return this.#words
  }
}

/** The invitation is expired, damaged, or for something else. */
export class InvitationError extends EngineError {
  override readonly name = 'InvitationError'
  constructor(reason: string) {
    super('context/invitation', reason)
  }
}
