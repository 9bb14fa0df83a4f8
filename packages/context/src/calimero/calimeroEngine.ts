import type { CallOptions, ContextEngine } from '../engine/contextEngine.ts'

/** How one member's node is. */
export type MemberStatus = {
  readonly member: string
  readonly isReachable: boolean
  /** Whether the shared state is there. */
  readonly isInitialised: boolean
  /** Nodes that it is connected to. */
  readonly peers: number
  /** Equal on nodes that know the same; undefined when the node is away or has no state. */
  readonly stateHash: string | undefined
}

/** The private context on Calimero nodes. */
export type CalimeroEngine = ContextEngine & {
  /** How the nodes are at this moment; a node that is away is told as such and fails nothing. */
  status(options?: CallOptions): Promise<readonly MemberStatus[]>
}
