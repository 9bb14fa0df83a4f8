import * as z from 'zod'
import { EngineError } from '../engine/engineErrors.ts'
import { callNode } from './call/callNode.ts'
import { encodeCall } from './call/encodeCall.ts'
import { base58IdSchema } from './executorId.ts'
import type { NodeClient } from './node/nodeClient.ts'
import { type StateComparisons, stateComparisons } from './node/stateComparisons.ts'
import { syncStatus } from './node/syncStatus.ts'

/** How one member's node is. */
export type MemberStatus = {
  readonly member: string
  readonly isReachable: boolean
  /** Whether the shared state is there. */
  readonly isInitialised: boolean
  /**
   * Whether the app answers there within 5 s. A node of rc.4 can be reachable and answer no call of a circle ever again, until it is
   * started anew (see the README): restart one that stays like this.
   */
  readonly isAnswering: boolean
  /** Nodes that it is connected to. */
  readonly peers: number
  /** Equal on nodes that know the same; undefined when the node is away or has no state. */
  readonly stateHash: string | undefined
  /** Since the node started; undefined when it does not say. */
  readonly comparisons: StateComparisons | undefined
}

const TIMEOUT_MS = 5_000
const peersSchema = z.object({ count: z.number().int().min(0) })
const contextSchema = z.object({ data: z.object({ contextStateHash: base58IdSchema }) })

/** Asks a node how it is; one that does not answer, or refuses, is not reachable. */
export async function memberStatus(
  member: string,
  client: NodeClient,
  contextId: string,
  signal: AbortSignal | undefined,
): Promise<MemberStatus> {
  const options = { signal, timeoutMs: TIMEOUT_MS }
  try {
    const [status, { count }] = await Promise.all([
      syncStatus(client, contextId, options),
      client.ask({ what: 'its peers', path: '/admin-api/peers', schema: peersSchema, ...options }),
    ])
    const isInitialised = status === 'initialised'
    const stateHash = isInitialised ? await stateHashOf(client, contextId, options) : undefined
    const [isAnswering, comparisons] = await Promise.all([
      isInitialised && answers(client, contextId, options),
      comparisonsOf(client, options),
    ])
    return { member, isReachable: true, isInitialised, isAnswering, peers: count, stateHash, comparisons }
  } catch (failure) {
    if (!(failure instanceof EngineError)) throw failure
    const nothing = { stateHash: undefined, comparisons: undefined }
    return { member, isReachable: false, isInitialised: false, isAnswering: false, peers: 0, ...nothing }
  }
}

type Limits = { readonly signal: AbortSignal | undefined; readonly timeoutMs: number }

async function answers(client: NodeClient, contextId: string, limits: Limits): Promise<boolean> {
  try {
    await callNode(client, { method: 'whoami', json: encodeCall(contextId, 'whoami', {}) }, limits)
    return true
  } catch (failure) {
    if (failure instanceof EngineError) return false
    throw failure
  }
}

/** Without them the rest is told all the same. */
async function comparisonsOf(client: NodeClient, limits: Limits): Promise<StateComparisons | undefined> {
  try {
    return await stateComparisons(client, limits)
  } catch (failure) {
    if (failure instanceof EngineError) return undefined
    throw failure
  }
}

async function stateHashOf(client: NodeClient, contextId: string, options: Limits): Promise<string> {
  const path = `/admin-api/contexts/${contextId}`
  const { data } = await client.ask({ what: 'the state’s hash', path, schema: contextSchema, ...options })
  return data.contextStateHash
}
