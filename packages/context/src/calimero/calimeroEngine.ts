import { RUNTIME_LIMITS } from '../embedded/limits.ts'
import type { CallOptions, ContextEngine, ContextEvent, EngineMember, MethodArguments } from '../engine/contextEngine.ts'
import { AlreadyInitialisedError, EngineClosedError, LimitError, MethodUnknownError, UnknownMemberError } from '../engine/engineErrors.ts'
import { NodeNotReadyError } from '../engine/nodeErrors.ts'
import { appAnswers } from '../generated/appMethods.ts'
import { callNode } from './call/callNode.ts'
import { encodeCall } from './call/encodeCall.ts'
import type { NodeEvents } from './events/nodeEvents.ts'
import { type MemberStatus, memberStatus } from './memberStatus.ts'
import type { NodeClient } from './node/nodeClient.ts'
import { requestComparison, requestReplacement } from './node/repairState.ts'
import { syncStatus } from './node/syncStatus.ts'

/** A node takes the request and answers at once; one that does not is stuck. */
const REPAIR_TIMEOUT_MS = 5_000

/** A member and the node that acts for it. */
export type Seat = { readonly member: EngineMember; readonly client: NodeClient }

/** What the engine stands on. */
export type CalimeroGround = {
  readonly contextId: string
  readonly seats: readonly Seat[]
  readonly events: NodeEvents
  readonly timeoutMs: number
}

/** The private context on Calimero nodes; made by `openCalimeroEngine`. */
export class CalimeroEngine implements ContextEngine {
  readonly members: readonly EngineMember[]
  readonly #ground: CalimeroGround
  readonly #calls = new Set<Promise<unknown>>()
  #closing: Promise<void> | undefined

  constructor(ground: CalimeroGround) {
    this.#ground = ground
    this.members = ground.seats.map(({ member }) => member)
  }

  /**
   * Always fails: on a network a circle has its state from the moment it was founded.
   * @throws {AlreadyInitialisedError} The member's node has that state.
   * @throws {NodeNotReadyError} It has not arrived there yet.
   */
  async initialise(member: string, _args: MethodArguments, { signal }: CallOptions = {}): Promise<void> {
    const { client } = this.#seatOf(member)
    if ((await syncStatus(client, this.#ground.contextId, { signal })) === 'initialised') throw new AlreadyInitialisedError()
    throw new NodeNotReadyError('the shared state has not arrived yet', true)
  }

  async call(member: string, method: string, args: MethodArguments, { signal }: CallOptions = {}): Promise<unknown> {
    if (this.#closing !== undefined) throw new EngineClosedError()
    signal?.throwIfAborted()
    if (Buffer.byteLength(method) > RUNTIME_LIMITS.methodNameBytes)
      throw new LimitError('call', 'method name', RUNTIME_LIMITS.methodNameBytes)
    if (!Object.hasOwn(appAnswers, method)) throw new MethodUnknownError(method)
    const { client } = this.#seatOf(member)
    const { contextId, timeoutMs } = this.#ground
    return await this.#counted(callNode(client, { method, json: encodeCall(contextId, method, args) }, { signal, timeoutMs }))
  }

  events(options: CallOptions = {}): AsyncIterable<ContextEvent> {
    return this.#ground.events.subscribe(options)
  }

  /** How the nodes are at this moment; one that is away is told as such and fails nothing. */
  async status({ signal }: CallOptions = {}): Promise<readonly MemberStatus[]> {
    const { seats, contextId } = this.#ground
    return await Promise.all(seats.map(({ member, client }) => memberStatus(member.name, client, contextId, signal)))
  }

  /**
   * See `requestComparison`.
   * @throws {UnknownMemberError}
   */
  async compare(member: string, { signal }: CallOptions = {}): Promise<void> {
    await requestComparison(this.#seatOf(member).client, this.#ground.contextId, { signal, timeoutMs: REPAIR_TIMEOUT_MS })
  }

  /**
   * See `requestReplacement`: what is shared and was on this node alone is lost, the private storage stays.
   * @throws {UnknownMemberError}
   */
  async replaceCopy(member: string, { signal }: CallOptions = {}): Promise<void> {
    await requestReplacement(this.#seatOf(member).client, this.#ground.contextId, { signal, timeoutMs: REPAIR_TIMEOUT_MS })
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut()
    return this.#closing
  }

  #seatOf(member: string): Seat {
    const seat = this.#ground.seats.find(({ member: { name } }) => name === member)
    if (seat === undefined) throw new UnknownMemberError(member)
    return seat
  }

  async #counted<T>(call: Promise<T>): Promise<T> {
    this.#calls.add(call)
    try {
      return await call
    } finally {
      this.#calls.delete(call)
    }
  }

  async #shut(): Promise<void> {
    await Promise.allSettled(this.#calls)
    await this.#ground.events.close()
  }
}
