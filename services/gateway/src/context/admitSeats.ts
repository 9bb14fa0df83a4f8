import type { Tenants } from '../tenants/tenants.ts'
import type { Circle, Seat } from './circle.ts'
import type { ContextKeys } from './contextKeys.ts'

/**
 * Sees to it that our own places are members of the circle, each with its key: possible where one of them keeps it. A place that was removed
 * stays removed.
 * @returns The places that are not members as they should be: somebody else's keeper has yet to admit them, or has removed or misnamed them.
 */
export async function admitSeats({
  circle,
  tenants,
  keys,
}: {
  readonly circle: Circle
  readonly tenants: Tenants
  readonly keys: ContextKeys
}): Promise<Seat[]> {
  circle.forgetMembers()
  const members = await circle.members()
  const own = await Promise.all(circle.seats.map(async (seat) => ({ seat, executor: await circle.executorOf(seat) })))
  const keeper = own.find(({ executor }) => members.some((member) => member.is_keeper && member.executor === executor))?.seat
  const waiting: Seat[] = []
  for (const { seat, executor } of own) {
    const member = members.find((each) => each.executor === executor)
    const key = Buffer.from((await keys.of(seat.organisation))?.publicBytes ?? []).toString('base64')
    const { organisation } = seat
    const kind = tenants.of(organisation).role
    const isRight = member?.organisation === organisation && member.kind === kind && key === member.encryption_key_base64
    if (member?.is_active === true && isRight) continue
    if (keeper === undefined || member?.is_active === false) {
      waiting.push(seat)
      continue
    }
    await circle.call(keeper, 'admit_member', { executor, organisation, kind, encryption_key_base64: key })
  }
  circle.forgetMembers()
  return waiting
}
