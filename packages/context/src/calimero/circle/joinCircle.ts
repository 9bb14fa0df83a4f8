import * as z from 'zod'
import type { CallOptions } from '../../engine/contextEngine.ts'
import { NodeFailedError, NodeNotReadyError } from '../../engine/nodeErrors.ts'
import { BundleError } from '../bundle/bundleError.ts'
import { callNode } from '../call/callNode.ts'
import { encodeCall } from '../call/encodeCall.ts'
import { base58IdSchema, executorOf } from '../executorId.ts'
import type { NodeAccess } from '../node/nodeAccess.ts'
import { NodeClient, type NodeRequest } from '../node/nodeClient.ts'
import { ownExecutor } from '../node/ownExecutor.ts'
import { pause } from '../node/pause.ts'
import { syncStatus } from '../node/syncStatus.ts'
import type { CircleIds } from './circleIds.ts'
import { checkApp, installApp } from './installApp.ts'
import { checkInvitation, type Invitation } from './invitation.ts'

/** How a node joins. */
export type JoiningOptions = CallOptions & {
  /** The app's signed bundle (`.mpk`), on the node's disk; it must be the one that the inviting node runs. */
  readonly bundlePath: string
  /** Hears what is being waited for, in a few plain words. */
  readonly told?: ((words: string) => void) | undefined
  /**
   * Hears the node's key as soon as it is known, and is waited for: hand it to the keeper, who lets the node in (`addToCircle`). The node
   * waits for that.
   */
  readonly onExecutor?: ((executor: string) => void | Promise<void>) | undefined
  /** How long to wait for the other nodes and the keeper; 60 s unless said. */
  readonly timeoutMs?: number | undefined
}

/** What a node has that joined. */
export type JoinedCircle = {
  readonly ids: CircleIds
  /** The node's key in the circle: 64 lower-case hex digits. The circle's keeper still has to admit it in the app. */
  readonly executor: string
}

const guestSchema = z.object({ data: z.object({ memberIdentity: base58IdSchema }) })
const JOIN_TIMEOUT_MS = 60_000
const AGAIN_MS = 1_000
const LOOK_AGAIN_MS = 200

/**
 * Brings a node into a circle: installs the app, joins the namespace, waits until the keeper lets it in, joins the context, and waits until
 * the shared state is here. A node that has joined gets the same answer again, so after any failure it may simply be tried again.
 * @throws {InvitationError} The invitation is garbled, forged or expired; nothing was sent to the node.
 * @throws {BundleError} The bundle is not what was signed, or not what the circle runs; nothing was sent to the node.
 * @throws {NodeNotReadyError} No other node of the circle could be reached in time, or the keeper has not let it in.
 * @throws {NodeFailedError}
 * @throws {NodeAwayError}
 */
export async function joinCircle(node: NodeAccess, invitation: Invitation, options: JoiningOptions): Promise<JoinedCircle> {
  const { ids, bundleHash, token } = checkInvitation(invitation, Date.now())
  const app = await checkApp(options.bundlePath)
  if (app.blobId !== bundleHash) throw new BundleError('the circle runs another one')
  const { signal } = options
  const client = new NodeClient(node)
  const joining = new Joining(client, ids, options)
  if (!(await isIn(client, ids.contextId, signal))) {
    await installApp(client, app, signal)
    const { data: guest } = await joining.post({
      what: 'joining the namespace',
      path: `/admin-api/namespaces/${ids.namespaceId}/join`,
      json: JSON.stringify({ invitation: token }),
      schema: guestSchema,
    })
    await options.onExecutor?.(executorOf(guest.memberIdentity))
    const path = `/admin-api/contexts/${ids.contextId}/join`
    await joining.post({ what: 'waiting to be let in by the keeper', path, json: '{}', schema: z.unknown() })
    await joining.untilInitialised()
  }
  const executor = await ownExecutor(client, ids.contextId, { signal })
  options.told?.('trying the app')
  await callNode(client, { method: 'whoami', json: encodeCall(ids.contextId, 'whoami', {}) }, { signal })
  return { ids, executor }
}

/** Whether a node has joined and has the state; one that left or was removed still has it, and has not. */
async function isIn(client: NodeClient, contextId: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await ownExecutor(client, contextId, { signal })
    return (await syncStatus(client, contextId, { signal })) === 'initialised'
  } catch (failure) {
    if (failure instanceof NodeNotReadyError) return false
    throw failure
  }
}

/** The steps that wait for other nodes, with one limit of time for them all. */
class Joining {
  readonly #client: NodeClient
  readonly #ids: CircleIds
  readonly #options: JoiningOptions
  readonly #untilMs: number

  constructor(client: NodeClient, ids: CircleIds, options: JoiningOptions) {
    this.#client = client
    this.#ids = ids
    this.#options = options
    this.#untilMs = performance.now() + (options.timeoutMs ?? JOIN_TIMEOUT_MS)
  }

  /** A failure of the node's own mostly means that it has not found the others yet, or is not let in yet; so it is tried again. */
  async post<T>(request: NodeRequest<T>): Promise<T> {
    const { signal, told } = this.#options
    for (;;) {
      told?.(request.what)
      try {
        return await this.#client.ask({ ...request, signal })
      } catch (failure) {
        if (!(failure instanceof NodeFailedError) || failure.status < 500) throw failure
        if (this.#isLate()) throw new NodeNotReadyError(`${request.what} took too long`, true, { cause: failure })
      }
      await pause(AGAIN_MS, signal)
    }
  }

  async untilInitialised(): Promise<void> {
    const { signal, told } = this.#options
    told?.('waiting for the shared state')
    while ((await syncStatus(this.#client, this.#ids.contextId, { signal })) !== 'initialised') {
      if (this.#isLate()) throw new NodeNotReadyError('the shared state has not arrived', true)
      await pause(LOOK_AGAIN_MS, signal)
    }
  }

  #isLate(): boolean {
    return performance.now() > this.#untilMs
  }
}
