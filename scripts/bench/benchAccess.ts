import { type Felt, releaseSchema, type StudyId } from '@medsync/protocol'
import type { Answered } from '../../services/gateway/src/access/accessWorker.ts'
import { fileAsk, grant, makeAsk, sendAsk } from '../../test/gateway/access-play.ts'
import { openRelease } from '../demo/openRelease.ts'
import type { Person } from '../demo/person.ts'
import type { BenchStage } from './benchStage.ts'
import { quantile } from './quantile.ts'
import { printTable } from './table.ts'

const ACCESSES = 40
const PARTS: readonly (readonly [string, string])[] = [
  ['noticeMs', 'notice the request'],
  ['decideMs', 'decide, and confirm on chain'],
  ['openMs', 'open, filter, pseudonymise'],
  ['sealMs', 'compress and seal (HPKE)'],
  ['journalMs', 'journal, with the sealed data'],
  ['settleMs', 'settle on chain, in a block'],
  ['concludeMs', 'write down what the chain has'],
  ['tellMs', 'tell the researcher'],
  ['deliverMs', 'deliver, consent confirmed again'],
  ['totalMs', 'request in a block → data in hand'],
]

/** How long an access takes, from the request in a block to the sealed data in the researcher's hand, and its parts. */
export async function benchAccess(stage: BenchStage, patient: Person, researcher: Person, study: StudyId): Promise<void> {
  const { commitment } = await grant(patient, { categories: ['vitals', 'laboratory', 'conditions'] })
  const laps: Record<string, number>[] = []
  let bytes = 0
  let resources = 0
  for (let count = 0; count < ACCESSES + 2; count++) {
    const made = makeAsk(researcher, { study, patient, commitment }, { categories: ['vitals', 'laboratory', 'conditions'] })
    await fileAsk(researcher, made)
    const answered = nextAnswer(stage)
    const told = settled(stage, made.digest)
    await sendAsk(researcher, made)
    const requestedMs = performance.now()
    const answer = await answered
    const answeredMs = performance.now()
    await told
    const toldMs = performance.now()
    const release = await researcher.ask('GET', `/research/requests/${made.digest}/release`, releaseSchema)
    const deliveredMs = performance.now()
    if (count === 0) {
      bytes = Buffer.from(release.ciphertext, 'base64').length
      resources = (await openRelease(stage.deployment, release, await researcher.secret())).entry.length
    }
    const worked = Object.values(answer.laps).reduce((sum, lap) => sum + lap, 0)
    const lap = {
      ...answer.laps,
      noticeMs: Math.max(0, answeredMs - requestedMs - worked),
      tellMs: toldMs - answeredMs,
      deliverMs: deliveredMs - toldMs,
      totalMs: deliveredMs - requestedMs,
    }
    // The first ones estimate fees and warm the engine up.
    if (count >= 2) laps.push(lap)
  }
  console.log(
    `\nAccess end to end (${ACCESSES} in turn; ${resources} resources, ${bytes.toLocaleString('en')} bytes sealed; ${stage.gateway.database.engine}), ms`,
  )
  const values = (part: string) => laps.map((lap) => lap[part] ?? 0)
  printTable(
    ['part', 'p50', 'p95'],
    PARTS.map(([part, name]) => [name, quantile(values(part), 0.5).toFixed(1), quantile(values(part), 0.95).toFixed(1)]),
  )
}

function nextAnswer({ gateway }: BenchStage): Promise<Answered> {
  const { promise, resolve } = Promise.withResolvers<Answered>()
  const end = gateway.access.onAnswered((answered) => {
    if (answered.outcome !== 'answered') return
    end()
    resolve(answered)
  })
  return promise
}

function settled({ gateway }: BenchStage, digest: Felt): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const end = gateway.events.subscribe(({ event }) => {
    if (event.type !== 'request.settled' || event.digest !== digest) return
    end()
    resolve()
  })
  return promise
}
