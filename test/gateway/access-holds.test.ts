import { appendEntryCalls, grantConsentCalls, pausePoolCalls, readStudy, revokeConsentCalls, unpausePoolCalls } from '@medsync/chain'
import { newSalt, type StudyId } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Person } from '../../scripts/demo/person.ts'
import type { AnswerCase, AnswerOptions } from '../../services/gateway/src/access/answerCase.ts'
import { giveAnswer } from '../../services/gateway/src/access/giveAnswer.ts'
import { judgeRequest } from '../../services/gateway/src/access/judgeRequest.ts'
import { logDelivered } from '../../services/gateway/src/access/logDelivered.ts'
import { Operators } from '../../services/gateway/src/access/operators.ts'
import { Stopwatch } from '../../services/gateway/src/access/stopwatch.ts'
import {
  type Ask,
  ask,
  ended,
  enrol,
  entriesOnChain,
  fileAsk,
  fileConsent,
  grant,
  MERCY,
  makeAsk,
  makeConsent,
  openStudy,
  PRICE,
  publishKey,
  sendAsk,
  until,
  viewOf,
} from './access-play.ts'
import { AccessStage, LABELS, markedBundle } from './access-stage.ts'

let stage: AccessStage
let alice: Person
let bob: Person
let northgate: Person
let governance: Person
let study: StudyId

beforeAll(async () => {
  stage = await AccessStage.raise()
  const mercy = await stage.signedIn(LABELS.mercy)
  alice = await stage.signedIn(LABELS.alice)
  bob = await stage.signedIn(LABELS.bob)
  northgate = await stage.signedIn(LABELS.northgate)
  governance = stage.person(LABELS.governance)
  await enrol(mercy, alice, markedBundle('ZqAlice'))
  await enrol(mercy, bob, markedBundle('ZqBob'))
  await publishKey(northgate)
  study = await openStudy(northgate)
})
afterAll(() => stage?.stop())

/** A step of the gateway's own work, with everything that it has then. */
async function caseOf(made: Ask): Promise<{ options: AnswerOptions; theCase: AnswerCase }> {
  const { gateway } = stage
  const request = gateway.chain.state.pool.requestByDigest(northgate.address, made.digest)
  const known = gateway.chain.state.pool.study(made.details.study)
  const tenant = gateway.tenants.all.find(({ slug }) => slug === 'mercy')
  const { signal } = new AbortController()
  const queue = new Operators(gateway.tenants, gateway.deployment, signal).queueOf(MERCY)
  if (!request || !known || !tenant || !queue) throw new RangeError('the stage is not set')
  return { options: { ...gateway, queue, signal, watch: new Stopwatch() }, theCase: { tenant, request, study: known } }
}

const held = async (made: Ask, reason: string): Promise<void> => {
  await until(
    () => viewOf(northgate, made.digest),
    (view) => view?.reason === reason,
  )
  // Longer than the worker needs for an answer, and with a nudge to look again.
  await stage.caughtUp()
  stage.gateway.access.wake()
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(await viewOf(northgate, made.digest)).toMatchObject({ progress: 'open', reason })
}

describe('a study that promised a smallest cohort', () => {
  test('releases nothing before so many patients are asked, refuses nobody for it, and answers everyone then', async () => {
    const shy = await openStudy(northgate, { minCohort: 2 })
    const ofAlice = await grant(alice)
    const ofBob = await grant(bob)
    const first = await ask(northgate, { study: shy, patient: alice, commitment: ofAlice.commitment })
    await held(first, 'Pool: cohort too small')
    // The same patient again does not make it larger.
    const again = await ask(northgate, { study: shy, patient: alice, commitment: ofAlice.commitment })
    await held(again, 'Pool: cohort too small')
    expect(await stage.gateway.journal.entriesOf('mercy', first.digest)).toEqual([])
    const second = await ask(northgate, { study: shy, patient: bob, commitment: ofBob.commitment })
    for (const made of [first, again, second]) {
      expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'settled', reason: null })
    }
    expect(stage.gateway.chain.state.pool.study(shy)).toEqual({ study: shy, ...(await readStudy(stage.deployment, shy)) })
  })

  test('a consent that ends while its request waits is refused as always', async () => {
    const shy = await openStudy(northgate, { minCohort: 2 })
    const consent = await grant(alice)
    const made = await ask(northgate, { study: shy, patient: alice, commitment: consent.commitment })
    await held(made, 'Pool: cohort too small')
    await alice.send(revokeConsentCalls(stage.deployment, consent))
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'refused', reason: 'revoked' })
  })

  test('a cohort that shrinks between decision and settlement: the chain says no, the answer waits, and is given when it has grown', async () => {
    const shy = await openStudy(northgate, { minCohort: 2 })
    const ofAlice = await grant(alice)
    // Without filed details the worker waits, so that this test can take its place at the last step.
    const made = makeAsk(northgate, { study: shy, patient: alice, commitment: ofAlice.commitment })
    await sendAsk(northgate, made)
    await stage.caughtUp()
    const { options, theCase } = await caseOf(made)
    const filed = { ...made, filedAtS: 0, sequence: 0 }
    const judged = await judgeRequest(options, { ...theCase, filed, isLastMoment: false })
    expect(judged).toEqual({ answer: 'later' })
    // Decided when the cohort was still there.
    const terms = await options.context.termsByCommitment(ofAlice.commitment)
    if (terms === undefined) throw new RangeError('no terms')
    const permit = { decision: 'permit', categories: ['vitals' as const], dataFromS: 0, dataToS: 0, sensitivities: [] } as const
    const sealed = { encapsulated: new Uint8Array([1]), ciphertext: new Uint8Array([2]), sha256: 'ab'.repeat(32) }
    const answer = { answer: 'access', permit, filed: terms, resourceCount: 1, sealed } as const
    expect(await giveAnswer(options, theCase, answer)).toMatchObject({ kind: 'again' })
    expect(await viewOf(northgate, made.digest)).toMatchObject({ progress: 'open', reason: 'Pool: cohort too small' })
    const ofBob = await grant(bob)
    await ask(northgate, { study: shy, patient: bob, commitment: ofBob.commitment })
    stage.gateway.access.wake()
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'settled' })
    const rows = await stage.gateway.journal.entriesOf('mercy', made.digest)
    expect(rows.map(({ state }) => state)).toEqual(['logged'])
  })
})

describe('a consent that is granted before its terms are here', () => {
  test('is waited for, and answered when they have come', async () => {
    const consent = makeConsent(alice)
    await alice.send(grantConsentCalls(stage.deployment, consent))
    const made = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    await held(made, 'request/awaits-terms')
    expect(await stage.gateway.journal.entriesOf('mercy', made.digest)).toEqual([])
    await fileConsent(alice, consent)
    stage.gateway.access.wake()
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'settled', reason: null })
  })

  test('is refused shortly before the request runs out, when they never come', async () => {
    const consent = makeConsent(bob)
    await bob.send(grantConsentCalls(stage.deployment, consent))
    const quick = await openStudy(northgate, { answerWithinS: 3_600 })
    const made = await ask(northgate, { study: quick, patient: bob, commitment: consent.commitment })
    await held(made, 'request/awaits-terms')
    await stage.passTime(3_000)
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'refused', reason: 'not-granted' })
  })
})

describe('a pool that is paused', () => {
  test('takes no request, settles none, refuses as always, and everything goes on afterwards', async () => {
    const consent = await grant(alice)
    const ended0 = await grant(bob)
    await bob.send(revokeConsentCalls(stage.deployment, ended0))
    const made = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    const hopeless = makeAsk(northgate, { study, patient: bob, commitment: ended0.commitment })
    await sendAsk(northgate, made)
    await sendAsk(northgate, hopeless)
    await governance.send(pausePoolCalls(stage.deployment))
    await stage.caughtUp()
    const late = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    await expect(sendAsk(northgate, late)).rejects.toMatchObject({ code: 'Pool: paused', what: expect.stringContaining('paused') })
    await fileAsk(northgate, made)
    await fileAsk(northgate, hopeless)
    await held(made, 'Pool: paused')
    expect(await ended(northgate, hopeless.digest)).toMatchObject({ progress: 'refused', reason: 'revoked' })
    await governance.send(unpausePoolCalls(stage.deployment))
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'settled' })
  })
})

describe('an access that took place and has to be logged without its settlement', () => {
  test('is written once, also when the gateway was killed between sending the entry and writing that down', async () => {
    const consent = await grant(alice)
    const made = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    await ended(northgate, made.digest)
    await stage.caughtUp()
    const { options, theCase } = await caseOf(made)
    const [row] = await options.journal.entriesOf('mercy', made.digest)
    if (row === undefined) throw new RangeError('no row')
    // The settlement's own entry is the access.
    expect(await logDelivered(options, theCase, row)).toBe(true)
    expect(await entriesOnChain(stage.deployment, alice.address, row.digest)).toHaveLength(1)
    // Sent, and then nothing more: as after a kill.
    const killed = { ...row, digest: newSalt() }
    const call = { patient: alice.address, kind: 'access', digest: killed.digest } as const
    await options.queue.send('append', appendEntryCalls(stage.deployment, call))
    await until(
      () => logDelivered(options, theCase, killed),
      (isWritten) => isWritten,
    )
    expect(await logDelivered(options, theCase, killed)).toBe(true)
    expect(await entriesOnChain(stage.deployment, alice.address, killed.digest)).toHaveLength(1)
  })

  test('error: a chain that cannot be read is no reason to write', async () => {
    const consent = await grant(alice)
    const made = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    await ended(northgate, made.digest)
    await stage.caughtUp()
    const { options, theCase } = await caseOf(made)
    const [row] = await options.journal.entriesOf('mercy', made.digest)
    if (row === undefined) throw new RangeError('no row')
    stage.wire.cut()
    try {
      await expect(logDelivered(options, theCase, { ...row, digest: newSalt() })).rejects.toMatchObject({ code: 'chain/behind' })
    } finally {
      stage.wire.mend()
    }
    await stage.caughtUp()
  })
})

describe('time passes', () => {
  test('a request whose cohort never comes expires, and its price goes back', async () => {
    const shy = await openStudy(northgate, { minCohort: 2, answerWithinS: 60 }, 10n * PRICE)
    const consent = await grant(alice)
    const made = await ask(northgate, { study: shy, patient: alice, commitment: consent.commitment })
    await held(made, 'Pool: cohort too small')
    await stage.passTime(100)
    await stage.caughtUp()
    stage.gateway.access.wake()
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'expired', reason: null })
    expect(await readStudy(stage.deployment, shy)).toMatchObject({ available: 10n * PRICE, openRequests: 0, cohort: 0 })
  })
})
