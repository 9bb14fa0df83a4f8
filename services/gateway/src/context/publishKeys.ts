import { type Deployment, setEncryptionKeyCalls } from '@medsync/chain'
import type { Operators } from '../access/operators.ts'
import type { ParticipantsState } from '../chain/participantsState.ts'
import type { Tenants } from '../tenants/tenants.ts'
import type { Circle } from './circle.ts'
import type { ContextKeys } from './contextKeys.ts'

/** What publishing keys needs. */
export type PublishKeysOptions = {
  readonly circle: Circle
  readonly tenants: Tenants
  readonly keys: ContextKeys
  readonly operators: Operators
  readonly deployment: Deployment
  readonly participants: () => ParticipantsState
  readonly signal: AbortSignal
}

/**
 * Puts the keys of our places on chain, by their gateways' accounts, when others are in the circle: a gateway seals terms to a key only when
 * the chain has it, too. In a circle of our own nobody would read them.
 */
export async function publishKeys(options: PublishKeysOptions): Promise<void> {
  const { circle, tenants, keys, operators, deployment, participants, signal } = options
  const own = new Set(await Promise.all(circle.seats.map((seat) => circle.executorOf(seat))))
  const members = await circle.members()
  if (members.every(({ executor, is_active }) => own.has(executor) || !is_active)) return
  for (const { organisation } of circle.seats) {
    const { operator } = tenants.of(organisation)
    const queue = operators.queueOf(organisation)
    const key = (await keys.of(organisation))?.publicBytes
    if (operator === undefined || queue === undefined || key === undefined) continue
    const published = participants().keyOf(operator.address)
    if (published !== undefined && Buffer.from(published).equals(key)) continue
    await queue.run('context-key', setEncryptionKeyCalls(deployment, { key }), { signal })
  }
}
