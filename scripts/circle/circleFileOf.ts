import { type CircleIds, type NodeAccess, openCalimeroEngine } from '@medsync/context/calimero'
import type { CircleFile } from '@medsync/gateway'

/** What a gateway's CONTEXT_FILE says of nodes that are in a circle: each with the key that it has there. */
export async function circleFileOf(ids: CircleIds, nodes: readonly { member: string; access: NodeAccess }[]): Promise<CircleFile> {
  const engine = await openCalimeroEngine({ contextId: ids.contextId, nodes })
  try {
    return {
      ids,
      nodes: nodes.map(({ member, access }) => ({
        member,
        access,
        executor: engine.members.find(({ name }) => name === member)?.executor,
      })),
    }
  } finally {
    await engine.close()
  }
}
