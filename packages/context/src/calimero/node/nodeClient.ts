import type * as z from 'zod'
import { NodeFailedError, NodeRefusedError } from '../../engine/nodeErrors.ts'
import type { NodeAccess } from './nodeAccess.ts'
import { NodeTokens } from './nodeTokens.ts'
import { parseAnswer } from './parseAnswer.ts'
import { type HttpAnswer, type HttpRequest, sendHttp } from './sendHttp.ts'

/** Time for what a node does at its own pace: its own limit for syncing is 30 s, so that less would give up too early. */
export const NODE_TIMEOUT_MS = 40_000

const UNAUTHORISED = 401

/** What is asked of a node. */
export type NodeRequest<T> = {
  /** For messages: a few words, no ids. */
  readonly what: string
  /** `/admin-api/peers` */
  readonly path: string
  readonly schema: z.ZodType<T>
  /** As JSON; sent by POST. Without it, it is a GET. */
  readonly json?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
}

/** Speaks with one node over HTTP, always signed in. */
export class NodeClient {
  readonly url: string
  readonly #tokens: NodeTokens

  /** @throws {NodeAddressError} The node is not on this machine. */
  constructor(access: NodeAccess, tokens: NodeTokens = new NodeTokens(access)) {
    this.url = access.url
    this.#tokens = tokens
  }

  /** The token of now; secret. */
  token(): Promise<string> {
    return this.#tokens.current()
  }

  /** Another token than one that was not taken. */
  tokenInsteadOf(refused: string): Promise<string> {
    return this.#tokens.insteadOf(refused)
  }

  /**
   * Asks, and checks the shape of the answer.
   * @throws {NodeAwayError} None came.
   * @throws {NodeRefusedError} Another password owns the node.
   * @throws {NodeFailedError} The node says no, by a status or by an answer of another shape.
   */
  async ask<T>(request: NodeRequest<T>): Promise<T> {
    const answer = await this.send(request)
    if (answer.status >= 300) throw new NodeFailedError(request.what, answer.status, answer.text)
    return parseAnswer(request.what, answer, request.schema)
  }

  /** As `ask`, but for the answer as it came, whatever its status. */
  async send({ path, json, signal, timeoutMs = NODE_TIMEOUT_MS }: Omit<NodeRequest<unknown>, 'schema' | 'what'>): Promise<HttpAnswer> {
    signal?.throwIfAborted()
    const request: HttpRequest = { method: json === undefined ? 'GET' : 'POST', body: json, signal, timeoutMs }
    const token = await this.#tokens.current()
    const answer = await sendHttp(`${this.url}${path}`, { ...request, token })
    if (answer.status !== UNAUTHORISED) return answer
    const again = await sendHttp(`${this.url}${path}`, { ...request, token: await this.#tokens.insteadOf(token) })
    if (again.status === UNAUTHORISED) throw new NodeRefusedError()
    return again
  }
}
