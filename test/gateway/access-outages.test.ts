import { readPatientLog, readRequest, readStudy, revokeConsentCalls, waitForTransaction } from '@medsync/chain'
import {
  accessesSchema,
  grantsSchema,
  type LiveEvent,
  readySchema,
  releaseSchema,
  requestsSchema,
  type StudyId,
  verifyEntries,
  ZERO,
} from '@medsync/protocol'
import { devnetRpc } from '@medsync/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Person } from '../../scripts/demo/person.ts'
import {
  ask,
  ended,
  enrol,
  entriesOnChain,
  fileAsk,
  grant,
  makeAsk,
  openStudy,
  PRICE,
  publishKey,
  sendAsk,
  until,
  viewOf,
} from './access-play.ts'
import { AccessStage, LABELS, markedBundle } from './access-stage.ts'

let stage: AccessStage
let mercy: Person
let alice: Person
let northgate: Person
let study: StudyId

beforeAll(async () => {
  stage = await AccessStage.raise()
  mercy = await stage.signedIn(LABELS.mercy)
  alice = await stage.signedIn(LABELS.alice)
  northgate = await stage.signedIn(LABELS.northgate)
  await enrol(mercy, alice, markedBundle('ZqAlice'))
  await publishKey(northgate)
  study = await openStudy(northgate)
  await stage.caughtUp()
})
afterAll(() => stage?.stop())

const isReady = async (): Promise<boolean> => {
  const answer = await fetch(`${stage.origin}/ready`)
  return readySchema.parse(await answer.json()).status === 'ready'
}

describe('the chain goes away', () => {
  const told: LiveEvent[] = []
  let end: () => void
  beforeEach(() => {
    told.length = 0
    end = stage.gateway.events.subscribe(({ event }) => void told.push(event))
  })
  afterEach(async () => {
    end()
    stage.wire.mend()
    await until(isReady, (ready) => ready)
  })

  test('nothing is decided or delivered, everybody is told, and what was asked is answered when it is back', async () => {
    const consent = await grant(alice)
    const done = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    await ended(northgate, done.digest)
    stage.wire.cut()
    await until(isReady, (ready) => !ready)
    const path = `/research/requests/${done.digest}/release`
    await expect(northgate.ask('GET', path, releaseSchema)).rejects.toMatchObject({ code: 'chain/unreachable', status: 503 })
    const made = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    await expect(fileAsk(northgate, made)).rejects.toMatchObject({ code: 'chain/unreachable', status: 503 })
    await sendAsk(northgate, made)
    expect((await northgate.ask('GET', '/research/requests', requestsSchema)).items[0]?.digest).toBe(done.digest)
    stage.wire.mend()
    await until(isReady, (ready) => ready)
    expect(told.map(({ type }) => type)).toEqual(expect.arrayContaining(['chain.down', 'chain.up']))
    await fileAsk(northgate, made)
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'settled' })
    await northgate.ask('GET', path, releaseSchema)
  })

  test.each([0, 30, 80, 160])('cut %i ms after a request was made, mended half a second later: answered once', async (afterMs) => {
    const consent = await grant(alice)
    const made = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    await fileAsk(northgate, made)
    await sendAsk(northgate, made)
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    stage.wire.cut()
    await new Promise((resolve) => setTimeout(resolve, 500))
    stage.wire.mend()
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'settled' })
    const { items } = await alice.ask('GET', '/patient/accesses?limit=200', accessesSchema)
    verifyEntries(items, await readPatientLog(stage.deployment, alice.address))
    const request = await viewOf(northgate, made.digest)
    expect(items.filter(({ details }) => details?.request === request?.request)).toHaveLength(1)
  })

  test('a revocation while nobody listened counts at once when it is back', async () => {
    const consent = await grant(alice)
    const made = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    await fileAsk(northgate, made)
    stage.wire.cut()
    await sendAsk(northgate, made)
    await alice.send(revokeConsentCalls(stage.deployment, consent))
    stage.wire.mend()
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'refused', reason: 'revoked' })
  })
})

describe('the gateway was away', () => {
  test('a consent that ended meanwhile has its sealed data destroyed at the start', async () => {
    const consent = await grant(alice)
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    await ended(northgate, digest)
    await stage.caughtUp()
    const entry = stage.gateway.chain.state.pool.requestByDigest(northgate.address, digest)?.entry ?? ZERO
    await stage.stopGateway()
    await alice.send(revokeConsentCalls(stage.deployment, consent))
    await stage.startGateway()
    await until(
      () => stage.gateway.releases.find('mercy', entry),
      (release) => release?.ciphertext === null,
    )
  })

  test('a request that was made meanwhile is answered at the start', async () => {
    const consent = await grant(alice)
    const made = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    await fileAsk(northgate, made)
    await stage.stopGateway()
    await sendAsk(northgate, made)
    await stage.startGateway()
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'settled' })
  })
})

describe('the chain is reorganised', () => {
  test('a settlement that was taken back is made again, with the same entry', async () => {
    const consent = await grant(alice)
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    const first = await ended(northgate, digest)
    await northgate.ask('GET', `/research/requests/${digest}/release`, releaseSchema)
    const entry = stage.gateway.chain.state.pool.requestByDigest(northgate.address, digest)?.entry ?? ZERO
    const { blockNumber } = await waitForTransaction(stage.deployment, first.answerTransaction ?? ZERO)
    await devnetRpc(stage.devnet.rpcUrl, 'devnet_abortBlocks', { starting_block_id: { block_number: blockNumber } })
    await until(
      () => entriesOnChain(stage.deployment, alice.address, entry),
      (found) => found.length > 0,
    )
    await stage.caughtUp()
    expect(await ended(northgate, digest)).toMatchObject({ progress: 'settled' })
    const { items } = await alice.ask('GET', '/patient/accesses?limit=200', accessesSchema)
    verifyEntries(items, await readPatientLog(stage.deployment, alice.address))
    expect(items.filter((item) => item.digest === entry)).toHaveLength(1)
  })

  test('data that had left keeps its entry, when the consent ended before the settlement could be made again', async () => {
    const consent = await grant(alice)
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    const first = await ended(northgate, digest)
    await northgate.ask('GET', `/research/requests/${digest}/release`, releaseSchema)
    const entry = stage.gateway.chain.state.pool.requestByDigest(northgate.address, digest)?.entry ?? ZERO
    const { blockNumber } = await waitForTransaction(stage.deployment, first.answerTransaction ?? ZERO)
    stage.wire.cut()
    await devnetRpc(stage.devnet.rpcUrl, 'devnet_abortBlocks', { starting_block_id: { block_number: blockNumber } })
    await alice.send(revokeConsentCalls(stage.deployment, consent))
    stage.wire.mend()
    const found = await until(
      () => entriesOnChain(stage.deployment, alice.address, entry),
      (entries) => entries.length > 0,
    )
    expect(found).toMatchObject([{ kind: 1, reference: 0 }])
    await stage.caughtUp()
    expect(await ended(northgate, digest)).toMatchObject({ progress: 'refused' })
    const { items } = await alice.ask('GET', '/patient/accesses?limit=200', accessesSchema)
    verifyEntries(items, await readPatientLog(stage.deployment, alice.address))
    expect(items.filter(({ details }) => details?.request === first.request).map(({ kind }) => kind)).toEqual([1, 2])
  })

  test('a consent whose grant was taken back permits nothing', async () => {
    const consent = await grant(alice)
    await until(
      () => northgate.ask('GET', '/research/consents', grantsSchema),
      ({ items }) => items.some(({ commitment }) => commitment === consent.commitment),
    )
    const block = stage.gateway.chain.blockNumber
    await devnetRpc(stage.devnet.rpcUrl, 'devnet_abortBlocks', { starting_block_id: { block_number: block } })
    await until(
      () => northgate.ask('GET', '/research/consents', grantsSchema),
      ({ items }) => items.every(({ commitment }) => commitment !== consent.commitment),
    )
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    expect(await ended(northgate, digest)).toMatchObject({ progress: 'refused', reason: 'not-granted' })
  })
})

describe('time passes', () => {
  test('a request whose details never come is refused shortly before its end, and logged', async () => {
    const hasty = await openStudy(northgate, { answerWithinS: 60 }, 10n * PRICE)
    const consent = await grant(alice)
    const made = makeAsk(northgate, { study: hasty, patient: alice, commitment: consent.commitment })
    await sendAsk(northgate, made)
    await stage.caughtUp()
    expect(await viewOf(northgate, made.digest)).toMatchObject({ progress: 'open' })
    await stage.passTime(50)
    await stage.caughtUp()
    stage.gateway.access.wake()
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'refused', reason: 'request/mismatch' })
    expect(await readStudy(stage.deployment, hasty)).toMatchObject({ available: 10n * PRICE, openRequests: 0 })
  })

  test('a request that nobody answered in time is ended by us, and its price goes back', async () => {
    const hasty = await openStudy(northgate, { answerWithinS: 60 }, 10n * PRICE)
    const consent = await grant(alice)
    const made = makeAsk(northgate, { study: hasty, patient: alice, commitment: consent.commitment })
    await fileAsk(northgate, made)
    await stage.stopGateway()
    await sendAsk(northgate, made)
    await stage.passTime(100)
    await stage.startGateway()
    const view = await ended(northgate, made.digest)
    expect(view).toMatchObject({ progress: 'expired' })
    expect(await readRequest(stage.deployment, view.request ?? (0 as never))).toMatchObject({ state: 'expired' })
    expect(await readStudy(stage.deployment, hasty)).toMatchObject({ available: 10n * PRICE, openRequests: 0 })
  })

  test('a consent that runs out opens nothing more, and its sealed data is destroyed', async () => {
    const nowS = stage.gateway.chain.nowS()
    const consent = await grant(alice, { expiresAtS: nowS + 1_000 })
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    await ended(northgate, digest)
    await northgate.ask('GET', `/research/requests/${digest}/release`, releaseSchema)
    await stage.passTime(1_100)
    await stage.caughtUp()
    const late = northgate.ask('GET', `/research/requests/${digest}/release`, releaseSchema)
    await expect(late).rejects.toMatchObject({ code: 'release/destroyed' })
    const again = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    expect(await ended(northgate, again.digest)).toMatchObject({ progress: 'refused', reason: 'expired' })
  })
})
