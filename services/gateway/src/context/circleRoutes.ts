import { type CircleMember, circleSchema, organisationIdSchema } from '@medsync/protocol'
import { requireStaff } from '../auth/guards.ts'
import type { Gateway } from '../composition.ts'
import { failures, GUARDED } from '../http/failures.ts'
import type { Routes } from '../server.ts'

/** GET /hospital/circle: who is in the hospitals' circle, beside what the chain says of them, and how our own nodes are. */
export const circleRoutes: Routes = async (app, { gateway }) => {
  app.get(
    '/hospital/circle',
    {
      onRequest: requireStaff(gateway, 'hospital'),
      schema: { tags: ['hospital'], response: { 200: circleSchema, ...failures(...GUARDED, 'context/unreachable') } },
    },
    async () => ({ engine: gateway.env.CONTEXT_ENGINE, members: await membersOf(gateway), nodes: gateway.nodeWatch.report() }),
  )
}

async function membersOf({ circle, chain }: Gateway): Promise<CircleMember[]> {
  const own = new Set(await Promise.all(circle.seats.map((seat) => circle.executorOf(seat))))
  const { participants } = chain.state
  return (await circle.members()).flatMap((member): CircleMember[] => {
    const organisation = organisationIdSchema.safeParse(member.organisation).data
    if (organisation === undefined) return []
    const known = participants.find(organisation)
    const keys = participants.keysOf(organisation).map((key) => Buffer.from(key).toString('base64'))
    const isOurs = own.has(member.executor)
    return [
      {
        executor: member.executor,
        organisation,
        name: known?.name ?? null,
        kind: member.kind === 'research' ? 'research' : 'hospital',
        standing: known?.standing ?? null,
        isKeeper: member.is_keeper,
        isActive: member.is_active,
        isOurs,
        canReceive: isOurs || (known?.standing === 'active' && keys.includes(member.encryption_key_base64)),
      },
    ]
  })
}
