import { type ChainEvent, type ChainEventName, type ContractName, type EventFields, readEvent } from '@medsync/chain'
import { account, felt, organisationId, requestIdSchema, slugToOrganisationId, studyIdSchema } from '@medsync/protocol'
import { hash } from 'starknet'
import { describe, expect, test } from 'vitest'
import { holdOf } from '../access/holdOf.ts'
import { ChainState } from './chainState.ts'

const [alice, bob] = [account(0xa), account(0xb)]
const [mercy, office] = [slugToOrganisationId('mercy'), slugToOrganisationId('northgate')]
const token = account(0x70)
const [one, two] = [felt(0x101), felt(0x102)]
const study = studyIdSchema.parse(1)
const request = requestIdSchema.parse(1)

let block = 0
const event = <N extends ChainEventName>(type: N, fields: EventFields<N>): ChainEvent =>
  ({
    ...fields,
    type,
    at: { blockNumber: ++block, transactionIndex: 0, eventIndex: 0, transaction: felt(0xf000 + block) },
  }) as unknown as ChainEvent

const contracts = { participants: account(0xa1), consentRegistry: account(0xa2), accessLog: account(0xa3), rewardPool: account(0xa4) }
/** An event as the production decoder reads it from these felts. */
const rawEvent = (
  contract: ContractName,
  name: string,
  keys: readonly (string | number)[],
  data: readonly (bigint | number)[],
): ChainEvent => {
  const at = { blockNumber: ++block, transactionIndex: 0, eventIndex: 0, transaction: felt(0xf000 + block) }
  const felts = { keys: [felt(hash.getSelectorFromName(name)), ...keys.map(felt)], data: data.map(felt) }
  const raw = { from_address: contracts[contract], transaction_hash: at.transaction, ...felts }
  const read = readEvent({ rpcUrl: 'http://127.0.0.1:1', contracts }, raw, at)
  if (read === undefined) throw new RangeError('not from a contract of ours')
  return read
}
/** A time that no clock shows: what cannot be read. */
const UNREADABLE = 2n ** 64n - 1n

function stateAfter(...events: ChainEvent[]): ChainState {
  const state = new ChainState()
  state.apply(events)
  return state
}

const granted = event('ConsentGranted', { patient: alice, commitment: one, grantedAtS: 100 })

describe('consents', () => {
  test('nobody’s until granted, then active, then ended for good', () => {
    const state = stateAfter()
    expect(state.consents.accepted(alice, one).status).toBe('unknown')
    state.apply([granted])
    expect(state.consents.accepted(alice, one)).toEqual({ status: 'active', grantedAtS: 100, endedAtS: 0 })
    expect(state.consents.accepted(bob, one).status).toBe('unknown')
    state.apply([event('ConsentRevoked', { patient: alice, commitment: one, revokedAtS: 200 })])
    expect(state.consents.accepted(alice, one)).toEqual({ status: 'revoked', grantedAtS: 100, endedAtS: 200 })
  })

  test('a replacement ends the old one and starts the new one', () => {
    const state = stateAfter(granted, event('ConsentReplaced', { patient: alice, old: one, new: two, replacedAtS: 300 }))
    expect(state.consents.accepted(alice, one)).toEqual({ status: 'replaced', grantedAtS: 100, endedAtS: 300 })
    expect(state.consents.accepted(alice, two)).toEqual({ status: 'active', grantedAtS: 300, endedAtS: 0 })
  })

  test('an end counts from pre-confirmation on, a grant does not', () => {
    const state = stateAfter(granted)
    const transaction = felt(0x1)
    state.setPending([
      { type: 'ConsentRevoked', patient: alice, commitment: one, revokedAtS: 200, transaction },
      { type: 'ConsentGranted', patient: alice, commitment: two, grantedAtS: 200, transaction },
    ])
    expect(state.consents.effective(alice, one)).toBe('revoked')
    expect(state.consents.accepted(alice, one).status).toBe('active')
    expect(state.consents.effective(alice, two)).toBe('unknown')
  })

  test('a pre-confirmed end that never came about counts no longer', () => {
    const state = stateAfter(granted)
    state.setPending([{ type: 'ConsentReplaced', patient: alice, old: one, new: two, replacedAtS: 200, transaction: felt(0x1) }])
    expect(state.consents.effective(alice, one)).toBe('replaced')
    state.setPending([])
    expect(state.consents.effective(alice, one)).toBe('active')
  })
})

describe('participants', () => {
  const admitted = [
    event('OrganisationAdmitted', { id: mercy, role: 1, name: slugToOrganisationId('Mercy General'), payout: bob }),
    event('OperatorAdded', { id: mercy, operator: alice }),
  ]

  test('an operator acts for its organisation, which keeps its name and role through a suspension', () => {
    const state = stateAfter(...admitted)
    expect(state.participants.ofOperator(alice)).toEqual({
      organisation: mercy,
      name: 'Mercy General',
      role: 'hospital',
      standing: 'active',
    })
    state.apply([event('OrganisationSuspended', { id: mercy })])
    expect(state.participants.ofOperator(alice)?.standing).toBe('suspended')
    state.apply([event('OrganisationReinstated', { id: mercy })])
    expect(state.participants.all()).toEqual([{ organisation: mercy, name: 'Mercy General', role: 'hospital', standing: 'active' }])
  })

  test('a removed operator acts for nobody and has no key', () => {
    const state = stateAfter(...admitted, event('EncryptionKeySet', { operator: alice, key: 5n }))
    expect(state.participants.keyOf(alice)).toHaveLength(32)
    state.apply([event('OperatorRemoved', { id: mercy, operator: alice })])
    expect(state.participants.ofOperator(alice)).toBeUndefined()
    expect(state.participants.keyOf(alice)).toBeUndefined()
  })
})

describe('studies, requests and rewards', () => {
  const terms = {
    organisation: office,
    purpose: 36,
    token,
    price: 100n,
    hospitalBps: 2_000,
    poolBps: 500,
    capPerPatient: 2,
    minCohort: 2,
    bond: 40n,
    deadlineS: 2_000,
    answerWithinS: 60,
    details: felt(0xd),
  }
  const opened = [
    event('StudyOpened', { study, organisation: office, token, funder: bob, terms }),
    event('StudyFunded', { study, from: bob, amount: 1_000n }),
    event('RequestOpened', {
      request,
      hospital: mercy,
      patient: alice,
      study,
      requester: bob,
      digest: one,
      price: 100n,
      expiresAtS: 1_500,
    }),
  ]

  test('a price goes into escrow, and to its owners when the request is settled', () => {
    const state = stateAfter(...opened)
    expect(state.pool.study(study)).toMatchObject({ state: 'open', available: 900n, openRequests: 1, settled: 0, cohort: 1 })
    expect(state.pool.openRequests().map((each) => each.request)).toEqual([request])
    state.apply([
      event('EntryAppended', { patient: alice, hospital: mercy, index: 1, kind: 1, reference: 1, digest: two, loggedAtS: 400 }),
      event('RequestSettled', {
        request,
        study,
        patient: alice,
        hospital: mercy,
        entry: two,
        patientShare: 75n,
        hospitalShare: 20n,
        poolShare: 5n,
      }),
    ])
    expect(state.pool.study(study)).toMatchObject({ available: 900n, openRequests: 0, settled: 1, cohort: 1 })
    expect(state.pool.requestByDigest(bob, one)).toMatchObject({ state: 'settled', entry: two })
    expect(state.pool.openRequests()).toEqual([])
    expect([state.pool.owed(token, alice), state.pool.owed(token, mercy), state.pool.owed(token, bob)]).toEqual([75n, 20n, 0n])
    expect(state.logs.rewardFor(mercy, alice, two)).toEqual({ token, amount: 75n })
    state.apply([event('RewardClaimed', { account: alice, token, amount: 75n })])
    expect(state.pool.owed(token, alice)).toBe(0n)
  })

  test.each(['refused', 'expired'] as const)('a price goes back when the request is %s', (answer) => {
    const answered =
      answer === 'refused'
        ? event('RequestRefused', { request, study, patient: alice, hospital: mercy, entry: two })
        : event('RequestExpired', { request, study, patient: alice })
    const state = stateAfter(...opened, answered)
    expect(state.pool.study(study)).toMatchObject({ available: 1_000n, openRequests: 0, settled: 0, cohort: 0 })
    expect(state.pool.request(request)?.state).toBe(answer)
    state.apply([event('StudyRefunded', { study, funder: bob, amount: 1_000n })])
    expect(state.pool.study(study)).toMatchObject({ available: 0n, openRequests: 0 })
  })

  test('a cohort counts each patient once, as long as one of their requests is open or settled', () => {
    const ask = (id: number, patient: typeof alice): ChainEvent =>
      event('RequestOpened', {
        request: requestIdSchema.parse(id),
        hospital: mercy,
        patient,
        study,
        requester: bob,
        digest: felt(0x200 + id),
        price: 100n,
        expiresAtS: 1_500,
      })
    const end = (id: number, patient: typeof alice): ChainEvent =>
      event('RequestExpired', { request: requestIdSchema.parse(id), study, patient })
    const state = stateAfter(...opened, ask(2, alice), ask(3, bob))
    const cohort = (): number | undefined => state.pool.study(study)?.cohort
    expect(cohort()).toBe(2)
    state.apply([end(1, alice)])
    expect(cohort()).toBe(2)
    state.apply([end(2, alice)])
    expect(cohort()).toBe(1)
    state.apply([ask(4, alice)])
    expect(cohort()).toBe(2)
  })

  test('a settlement is held up while the pool is paused or too few patients are asked, and not longer', () => {
    const state = stateAfter(...opened)
    const hold = (): string | undefined => holdOf(state.pool, { study })
    expect(hold()).toBe('Pool: cohort too small')
    const second = { request: requestIdSchema.parse(2), hospital: mercy, patient: bob, study, requester: bob, digest: two }
    state.apply([event('RequestOpened', { ...second, price: 100n, expiresAtS: 1_500 })])
    expect(hold()).toBeUndefined()
    state.apply([event('Paused', { by: bob })])
    expect(hold()).toBe('Pool: paused')
    state.apply([event('Unpaused', { by: bob })])
    expect(hold()).toBeUndefined()
  })

  test('a closed study has nothing left; its funder and the harmed patients are owed what the chain said', () => {
    const state = stateAfter(
      ...opened,
      event('StudyDisputed', { study, request }),
      event('StudyDisputeEnded', { study, request, isUpheld: true }),
      event('StudyClosed', { study, funder: bob, toFunder: 900n, toPool: 5n, compensation: 40n, upheld: 1 }),
      event('PatientCompensated', { request, study, patient: alice, amount: 40n }),
    )
    expect(state.pool.study(study)).toMatchObject({ state: 'closed', available: 0n, openDisputes: 0, upheld: 1 })
    expect([state.pool.owed(token, bob), state.pool.owed(token, alice)]).toEqual([900n, 40n])
  })

  test('lists are newest first, in pages, each for its own organisation', () => {
    const more = Array.from({ length: 4 }, (_, index) =>
      event('RequestOpened', {
        request: requestIdSchema.parse(index + 2),
        hospital: index % 2 === 0 ? mercy : organisationId(0x55),
        patient: alice,
        study,
        requester: bob,
        digest: felt(0x200 + index),
        price: 100n,
        expiresAtS: 1_500,
      }),
    )
    const state = stateAfter(...opened, ...more)
    const ids = (list: readonly { request: number }[]): number[] => list.map((each) => each.request)
    expect(ids(state.pool.requestsOfHospital(mercy))).toEqual([4, 2, 1])
    expect(ids(state.pool.requestsOfHospital(mercy, { before: 4, limit: 1 }))).toEqual([2])
    expect(ids(state.pool.requestsOfOffice(office))).toEqual([5, 4, 3, 2, 1])
    expect(state.pool.requestsOfOffice(mercy)).toEqual([])
    expect(state.pool.studiesOf(office).map((each) => each.study)).toEqual([study])
  })
})

describe('logs', () => {
  test('an entry is found by its digest, and entries by their place', () => {
    const entries = [1, 2, 3].map((index) =>
      event('EntryAppended', {
        patient: alice,
        hospital: mercy,
        index,
        kind: 2,
        reference: 0,
        digest: felt(0x300 + index),
        loggedAtS: 400,
      }),
    )
    const state = stateAfter(...entries)
    expect(state.logs.entry(mercy, alice, felt(0x302))?.index).toBe(2)
    expect(state.logs.entry(mercy, bob, felt(0x302))).toBeUndefined()
    expect(state.logs.entries(alice, 1, 1).map(({ index }) => index)).toEqual([2])
    expect(state.logs.entries(bob)).toEqual([])
  })

  test('an entry that is only pre-confirmed is known to be on its way, until it is not', () => {
    const state = stateAfter()
    const entry = { patient: alice, hospital: mercy, index: 1, kind: 1, reference: 0, digest: one, loggedAtS: 400 }
    state.setPending([{ type: 'EntryAppended', ...entry, transaction: felt(1) }])
    expect(state.logs.isPending(mercy, alice, one)).toBe(true)
    expect(state.logs.entry(mercy, alice, one)).toBeUndefined()
    state.setPending([])
    expect(state.logs.isPending(mercy, alice, one)).toBe(false)
  })

  test('a dispute is open until it is decided, and it is the patient’s who opened it', () => {
    const state = stateAfter(
      event('DisputeOpened', { patient: alice, hospital: mercy, entryId: one, request: 0, statement: two }),
      event('DisputeOpened', { patient: bob, hospital: mercy, entryId: one, request: 0, statement: two }),
    )
    expect(state.logs.disputesOf(alice).get(one)).toMatchObject({ state: 'open', statement: two })
    state.apply([event('DisputeResolved', { patient: alice, entryId: one, isUpheld: true })])
    expect(state.logs.disputesOf(alice).get(one)?.state).toBe('upheld')
    expect(state.logs.disputesOf(bob).get(one)?.state).toBe('open')
    state.apply([event('DisputeResolved', { patient: bob, entryId: one, isUpheld: false })])
    expect(state.logs.disputesOf(bob).get(one)?.state).toBe('rejected')
  })
})

describe('events that cannot be read', () => {
  test('are counted', () => {
    const state = stateAfter(
      granted,
      rawEvent('accessLog', 'Painted', [], []),
      rawEvent('consentRegistry', 'ConsentRevoked', [alice, one], [UNREADABLE]),
    )
    expect(state.setAside).toBe(2)
  })

  test.each([
    ['a revocation', 'ConsentRevoked', [one], [UNREADABLE]],
    ['a revocation with a felt more', 'ConsentRevoked', [one], [100, 1]],
    ['a revocation without its commitment', 'ConsentRevoked', [], [100]],
    ['a replacement', 'ConsentReplaced', [one, two], [UNREADABLE]],
    ['an event of another version about the consent', 'ConsentSuspended', [one], []],
    ['an event of another version about the patient', 'PatientLeft', [], []],
  ] as const)('%s leaves no consent active that it may be about, for good', (_, name, commitments, data) => {
    const elsewhere = event('ConsentGranted', { patient: bob, commitment: one, grantedAtS: 100 })
    const state = stateAfter(granted, elsewhere, rawEvent('consentRegistry', name, [alice, ...commitments], data))
    expect(state.consents.effective(alice, one)).toBe('unknown')
    expect(state.consents.accepted(alice, one)).toEqual({ status: 'unknown', grantedAtS: 0, endedAtS: 0 })
    expect(state.consents.isInDoubt(alice, one)).toBe(true)
    state.apply([granted])
    expect(state.consents.effective(alice, one)).toBe('unknown')
    expect(state.consents.effective(bob, one)).toBe('active')
  })

  test('a grant is no consent, and leaves the patient’s other consents as they are', () => {
    const state = stateAfter(granted, rawEvent('consentRegistry', 'ConsentGranted', [alice, two], [UNREADABLE]))
    expect(state.consents.effective(alice, two)).toBe('unknown')
    expect(state.consents.effective(alice, one)).toBe('active')
  })

  test('a guardian who cannot be has no say in anybody’s consents', () => {
    const guardian = `0x${(2n ** 251n - 1n).toString(16)}`
    const state = stateAfter(granted, rawEvent('consentRegistry', 'GuardianNamed', [alice, guardian], [100]))
    expect([state.setAside, state.consents.effective(alice, one)]).toEqual([1, 'active'])
  })

  test('a revocation counts while it is only pre-confirmed, and no longer when it never came about', () => {
    const state = stateAfter(granted)
    const { at: _, ...pending } = rawEvent('consentRegistry', 'ConsentRevoked', [alice, one], [UNREADABLE])
    state.setPending([{ ...pending, transaction: felt(1) } as Parameters<ChainState['setPending']>[0][number]])
    expect(state.consents.effective(alice, one)).toBe('unknown')
    state.setPending([])
    expect(state.consents.effective(alice, one)).toBe('active')
  })

  test('an organisation and an operator that they may be about act no more, until they are told to again', () => {
    const admitted = [
      event('OrganisationAdmitted', { id: mercy, role: 1, name: slugToOrganisationId('Mercy General'), payout: bob }),
      event('OperatorAdded', { id: mercy, operator: alice }),
      event('EncryptionKeySet', { operator: alice, key: 5n }),
    ]
    const standing = (state: ChainState): string | undefined => state.participants.find(mercy)?.standing
    const suspended = stateAfter(...admitted, rawEvent('participants', 'OrganisationSuspended', [mercy], [1]))
    expect(standing(suspended)).toBe('suspended')
    suspended.apply([event('OrganisationReinstated', { id: mercy })])
    expect(standing(suspended)).toBe('active')
    const removed = stateAfter(...admitted, rawEvent('participants', 'OperatorRemoved', [mercy, alice], [1]))
    expect([removed.participants.ofOperator(alice), removed.participants.keyOf(alice), standing(removed)]).toEqual([
      undefined,
      undefined,
      'active',
    ])
    const rekeyed = stateAfter(...admitted, rawEvent('participants', 'EncryptionKeySet', [alice], [2n ** 128n, 0]))
    expect([rekeyed.participants.keyOf(alice), rekeyed.participants.ofOperator(alice)?.organisation]).toEqual([undefined, mercy])
    const paid = stateAfter(...admitted, rawEvent('participants', 'PayoutChanged', [mercy], [0]))
    expect([paid.setAside, standing(paid)]).toEqual([1, 'active'])
    const strange = stateAfter(...admitted, rawEvent('participants', 'OrganisationMerged', [mercy], []))
    expect(standing(strange)).toBe('suspended')
  })

  test('nothing is settled in a study that they may be about, nor at all after an unread pause', () => {
    const state = stateAfter(rawEvent('rewardPool', 'StudyFunded', [1, 0], [5]))
    expect([holdOf(state.pool, { study }), holdOf(state.pool, { study: studyIdSchema.parse(2) })]).toEqual([
      'chain/unknown-event',
      undefined,
    ])
    const later = stateAfter(rawEvent('rewardPool', 'StudyMoved', [7], []))
    expect(holdOf(later.pool, { study: studyIdSchema.parse(7) })).toBe('chain/unknown-event')
    const paused = stateAfter(rawEvent('rewardPool', 'Paused', [0], []))
    expect(holdOf(paused.pool, { study: studyIdSchema.parse(2) })).toBe('Pool: paused')
  })

  test('no amount and no count falls below zero for what was not read', () => {
    const terms = {
      organisation: office,
      purpose: 36,
      token,
      price: 100n,
      hospitalBps: 0,
      poolBps: 0,
      capPerPatient: 2,
      minCohort: 1,
      bond: 0n,
      deadlineS: 2_000,
      answerWithinS: 60,
      details: felt(0xd),
    }
    const asked = { request, hospital: mercy, patient: alice, study, requester: bob, digest: one, price: 100n, expiresAtS: 1_500 }
    const state = stateAfter(
      event('StudyOpened', { study, organisation: office, token, funder: bob, terms }),
      rawEvent('rewardPool', 'StudyFunded', [1, 0], [100]),
      event('RequestOpened', asked),
      event('StudyDisputeEnded', { study, request, isUpheld: false }),
      event('RewardClaimed', { account: alice, token, amount: 5n }),
    )
    expect(state.pool.study(study)).toMatchObject({ available: 0n, openDisputes: 0 })
    expect(state.pool.owed(token, alice)).toBe(0n)
  })

  test('an entry that is missing for it does not move the others', () => {
    const entry = (index: number): ChainEvent =>
      event('EntryAppended', { patient: alice, hospital: mercy, index, kind: 2, reference: 0, digest: felt(0x300 + index), loggedAtS: 400 })
    const unread = rawEvent('accessLog', 'EntryAppended', [alice, mercy], [2, 2, 0, 0x302, UNREADABLE])
    const state = stateAfter(entry(1), unread, entry(3), entry(4))
    expect(state.logs.entry(mercy, alice, felt(0x303))?.index).toBe(3)
    expect(state.logs.entries(alice, 1, 1).map(({ index }) => index)).toEqual([3])
    expect(state.logs.entries(alice, 3).map(({ index }) => index)).toEqual([4])
  })
})
