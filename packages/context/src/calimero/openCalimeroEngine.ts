import type { CallOptions } from '../engine/contextEngine.ts'
import { CalimeroEngine, type Seat } from './calimeroEngine.ts'
import { CALL_TIMEOUT_MS } from './call/callNode.ts'
import { NodeEvents } from './events/nodeEvents.ts'
import type { NodeAccess } from './node/nodeAccess.ts'
import { NodeClient } from './node/nodeClient.ts'
import { ownExecutor } from './node/ownExecutor.ts'

/** How the engine over real nodes is opened. */
export type CalimeroOptions = CallOptions & {
  /** Of the circle's `CircleIds`; base58. */
  readonly contextId: string
  /**
   * Who acts through which node; each has joined the circle. With `executor` (the answer of `joinCircle`) the engine opens also while
   * that node is away; without it the node is asked.
   */
  readonly nodes: readonly { readonly member: string; readonly access: NodeAccess; readonly executor?: string | undefined }[]
  /** How long a call may take, retries and all; 60 s unless said. */
  readonly timeoutMs?: number | undefined
}

/**
 * Opens the private context on real nodes: each member's calls go to its own node, and what happens in the circle is heard from all of
 * them.
 * @throws {NodeAddressError} A node is not on this machine.
 * @throws {NodeAwayError} A node is away, and its executor was not given.
 * @throws {NodeRefusedError}
 * @throws {NodeNotReadyError} A node has not joined the circle.
 * @example
 * const engine = await openCalimeroEngine({ contextId: ids.contextId, nodes: [{ member: 'mercy', access }] })
 * await engine.call('mercy', 'whoami', {}) // { is_keeper: true, … }
 */
export async function openCalimeroEngine(options: CalimeroOptions): Promise<CalimeroEngine> {
  const { contextId, nodes, timeoutMs = CALL_TIMEOUT_MS, signal } = options
  const clients = nodes.map((node) => ({ ...node, client: new NodeClient(node.access) }))
  const seats = await Promise.all(
    clients.map(async ({ member: name, client, executor }): Promise<Seat> => {
      return { member: { name, executor: executor ?? (await ownExecutor(client, contextId, { signal })) }, client }
    }),
  )
  const events = new NodeEvents()
  await Promise.all(seats.map(({ member, client }) => events.follow(member.name, client, contextId)))
  return new CalimeroEngine({ contextId, seats, events, timeoutMs })
}
