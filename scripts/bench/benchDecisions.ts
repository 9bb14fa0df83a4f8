import { grantConsentCalls, readConsentState, revokeConsentCalls } from '@medsync/chain'
import { type Commitment, purposeOf } from '@medsync/protocol'
import { confirmOnChain } from '../../services/gateway/src/access/confirmOnChain.ts'
import { decideAccess } from '../../services/gateway/src/access/decideAccess.ts'
import { fileConsent, MERCY, makeConsent, NORTHGATE } from '../../test/gateway/access-play.ts'
import type { Person } from '../demo/person.ts'
import type { BenchStage } from './benchStage.ts'
import { printTable } from './table.ts'

const CONSENTS = 200
const RUN_MS = 1_500

/** How many decisions the gateway makes in a second: from memory, with its terms still to be opened, and confirmed by the chain. */
export async function benchDecisions({ gateway, deployment }: BenchStage, patient: Person): Promise<void> {
  const consents = Array.from({ length: CONSENTS }, () => makeConsent(patient))
  for (const consent of consents) await fileConsent(patient, consent)
  await patient.send(consents.flatMap((consent) => grantConsentCalls(deployment, consent)))
  await patient.send(consents.slice(0, CONSENTS / 10).flatMap((consent) => revokeConsentCalls(deployment, consent)))
  await gateway.chain.refresh()
  const wish = (commitment: Commitment) => ({
    patient: patient.address,
    commitment,
    grantee: NORTHGATE,
    purposeIndex: purposeOf('CLINTRCH').index,
    custodian: MERCY,
    categories: ['vitals' as const, 'conditions' as const],
    dataFromS: 0,
    dataToS: 0,
  })
  const warm = await rate(consents, ({ commitment }) => decideAccess(gateway, wish(commitment)))
  const cold = await rate(consents, ({ commitment }) => {
    gateway.context.forget()
    return decideAccess(gateway, wish(commitment))
  })
  const confirmed = await rate(consents.slice(CONSENTS / 10), async ({ commitment }) => {
    const { ruling, filed } = await decideAccess(gateway, wish(commitment))
    if (ruling.decision !== 'permit' || filed === undefined) throw new RangeError(`not permitted: ${ruling.decision}`)
    const { grantee, purposeIndex } = wish(commitment)
    const decision = await confirmOnChain(deployment, { filed, grantee, purposeIndex })
    if (decision !== 'permit') throw new RangeError(`not confirmed: ${decision}`)
  })
  const memory = consents.map(({ commitment }) => gateway.chain.state.consents.accepted(patient.address, commitment))
  const chain = await Promise.all(consents.map(({ commitment }) => readConsentState(deployment, patient.address, commitment)))
  const differences = memory.filter((state, index) => JSON.stringify(state) !== JSON.stringify(chain[index])).length
  console.log(
    `\nConsent decisions in the gateway (${CONSENTS} consents, one in ten revoked; memory against chain: ${differences} differences)`,
  )
  printTable(
    ['how', 'a second'],
    [
      ['from memory: chain state by events, terms open', warm],
      ['with the terms to be fetched and opened first', cold],
      ['and confirmed by the chain itself, as before every release', confirmed],
    ],
  )
  if (differences > 0) throw new RangeError('memory and chain differ')
}

async function rate<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<number> {
  for (const item of items) await work(item)
  const startedMs = performance.now()
  let count = 0
  while (performance.now() - startedMs < RUN_MS) {
    for (const item of items) await work(item)
    count += items.length
  }
  return Math.round((count * 1_000) / (performance.now() - startedMs))
}
