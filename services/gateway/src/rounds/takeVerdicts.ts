import { setOf } from '@medsync/protocol'
import { type Dispute, judge, type SharingRound } from '@medsync/protocol/sharing'
import * as z from 'zod'
import { openBodies } from './openBody.ts'
import { RoundBlame } from './roundBlame.ts'
import type { ReceivedMessage } from './roundPlay.ts'

const verdictSchema = z.strictObject({ disputes: setOf(z.string().max(64), { max: 12 }) })

/** What all hospitals say of all dealings. @throws {RoundBlame} Somebody disputes one: nobody answers then. */
export function takeVerdicts(round: SharingRound, messages: readonly ReceivedMessage[]): void {
  const verdicts = openBodies(messages, verdictSchema)
  const disputes = [...verdicts].flatMap(([by, { disputes }]) => disputes.map((dealer): Dispute => ({ dealer, by })))
  const strange = disputes.filter(({ dealer, by }) => dealer === by || !round.hospitals.includes(dealer))
  if (strange.length > 0) throw new RoundBlame('rounds/false-message', [...new Set(strange.map(({ by }) => by))])
  if (disputes.length === 0) return
  const { guilty, pairs } = judge(round, disputes)
  const [pair] = pairs
  throw new RoundBlame('rounds/disputed', guilty.length > 0 || pair === undefined ? guilty : [pair.dealer, pair.by])
}
