import { openingArguments, readStudy } from '@medsync/chain'
import {
  commitConsent,
  deriveSalts,
  felt,
  newConsentNonce,
  newSalt,
  slugToOrganisationId,
  splitPrice,
  studyIdSchema,
} from '@medsync/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raise, rawCall, type Stage } from './stage.ts'

// Money against a model: whatever is done in whatever order, every unit is where the model says, and none is owed that is not held.

const NORTHGATE = slugToOrganisationId('northgate')
const HOSPITALS = {
  'Gateway of Mercy General': slugToOrganisationId('mercy'),
  'Gateway of St. Clare': slugToOrganisationId('stclare'),
} as const
const RESEARCHER = 'Northgate, researcher'
const PATIENTS = ['Patient 1', 'Patient 2'] as const
const DAY_S = 86_400

let stage: Stage
let token: string
beforeAll(async () => {
  stage = await raise()
  token = felt(await stage.deploy('TestToken'))
  await stage.sendCalls(RESEARCHER, [
    rawCall(token, 'mint', [stage.as(RESEARCHER).address, 2n ** 120n, 0]),
    rawCall(token, 'approve', [stage.deployment.contracts.rewardPool, 2n ** 127n, 0]),
  ])
})
afterAll(() => stage.devnet.stop())

const addressOf = (label: string) => felt(stage.as(label).address)
const balance = async (of: string, coin = token) => {
  const [low, high] = await stage.as('Governance').provider.callContract(rawCall(coin, 'balance_of', [of]) as never)
  return BigInt(low ?? 0) + (BigInt(high ?? 0) << 128n)
}
const offer = async (changes: Record<string, unknown> = {}) =>
  ({
    organisation: NORTHGATE,
    purpose: 36,
    token,
    price: 101n,
    hospital_bps: 3_333,
    pool_bps: 777,
    cap_per_patient: 3,
    min_cohort: 0,
    bond: 0n,
    deadline_s: BigInt((await stage.nowS()) + 20 * DAY_S),
    answer_within_s: BigInt(DAY_S),
    details: '0xd',
    ...changes,
  }) as never
const studyOf = ({ events }: { events: { [field: string]: unknown }[] }) => BigInt(String(events[0]?.['study']))

describe('whatever is done in whatever order', () => {
  test('the pool holds exactly what it owes, and pays each exactly what they earned', { timeout: 240_000 }, async () => {
    const consents = new Map<string, ReturnType<typeof openingArguments>>()
    for (const label of PATIENTS) {
      const { chainId, contracts } = stage.deployment
      const made = commitConsent({
        chainId,
        registry: contracts.consentRegistry,
        patient: addressOf(label),
        terms: {
          grantee: NORTHGATE,
          purposes: ['HRESCH'],
          notBeforeS: 0,
          expiresAtS: 2_000_000_000,
          categories: ['vitals'],
          dataFromS: 0,
          dataToS: 0,
          custodian: felt(0),
          sensitivities: [],
        },
        salts: deriveSalts(new Uint8Array(32).fill(7), newConsentNonce()),
      })
      await stage.send(label, 'consentRegistry', 'grant', [made.commitment])
      consents.set(label, openingArguments(made.opening))
    }
    const pool = stage.deployment.contracts.rewardPool
    const owed = new Map<string, bigint>()
    const studies = new Map<
      bigint,
      { price: bigint; hospital: bigint; pool: bigint; available: bigint; reserved: bigint; bond: bigint; poolHeld: bigint }
    >()
    const requests: { id: bigint; study: bigint; patient: (typeof PATIENTS)[number]; hospital: keyof typeof HOSPITALS; isOpen: boolean }[] =
      []
    const credit = (who: string, amount: bigint) => owed.set(who, (owed.get(who) ?? 0n) + amount)
    const pick = <T>(items: readonly T[], by: number): T | undefined => items[by % Math.max(items.length, 1)]
    const done = new Map<string, number>()
    /** What the contract refuses changes nothing, so the model does not either. */
    const attempt = async (
      name: string,
      sent: Promise<{ events: { [field: string]: unknown }[] }>,
      booked: (outcome: { events: { [field: string]: unknown }[] }) => void,
    ) => {
      const outcome = await sent.catch(() => undefined)
      if (outcome === undefined) return
      done.set(name, (done.get(name) ?? 0) + 1)
      booked(outcome)
    }

    const steps = fc.sample(
      fc.record({
        kind: fc.constantFrom(
          'open',
          'fund',
          'request',
          'request',
          'request',
          'settle',
          'settle',
          'settle',
          'settle',
          'refuse',
          'expire',
          'claim',
          'claimOrganisation',
          'claimPool',
          'refund',
          'close',
          'close',
          'claimFunder',
          'wait',
        ),
        one: fc.nat(1_000),
        other: fc.nat(1_000),
        amount: fc.noBias(fc.bigInt({ min: 1n, max: 900n })),
        hospitalBps: fc.integer({ min: 0, max: 6_000 }),
        poolBps: fc.noBias(fc.integer({ min: 0, max: 4_000 })),
      }),
      { seed: 42, numRuns: 340 },
    )
    for (const { kind, one, other, amount, hospitalBps, poolBps } of steps) {
      const [study, state] = pick(kind === 'request' ? [...studies].slice(-3) : [...studies], one) ?? [0n, undefined]
      // Mostly one that waits for its answer; one that has it books nothing.
      const request = pick(other % 5 === 0 ? requests : requests.filter(({ isOpen }) => isOpen), one)
      const patient = pick(PATIENTS, one) ?? 'Patient 1'
      const gateway = pick(Object.keys(HOSPITALS) as (keyof typeof HOSPITALS)[], other) ?? 'Gateway of Mercy General'
      if (kind === 'open') {
        const deadlineS = (await stage.nowS()) + 2 * DAY_S
        const terms = await offer({
          price: amount,
          hospital_bps: hospitalBps,
          pool_bps: poolBps,
          bond: BigInt(one),
          deadline_s: BigInt(deadlineS),
        })
        await attempt(kind, stage.send(RESEARCHER, 'rewardPool', 'open_study', [terms, amount * 4n + 3n]), (outcome) => {
          const split = splitPrice(amount, BigInt(hospitalBps), BigInt(poolBps))
          studies.set(studyOf(outcome), {
            price: amount,
            hospital: split.hospital,
            pool: split.pool,
            available: amount * 4n + 3n,
            reserved: 0n,
            bond: BigInt(one),
            poolHeld: 0n,
          })
        })
      } else if (kind === 'fund' && state !== undefined) {
        await attempt(kind, stage.send(RESEARCHER, 'rewardPool', 'fund', [study, amount]), () => (state.available += amount))
      } else if (kind === 'request' && state !== undefined) {
        const sent = stage.send(RESEARCHER, 'rewardPool', 'request', [study, addressOf(patient), HOSPITALS[gateway], newSalt()])
        await attempt(kind, sent, ({ events }) => {
          state.available -= state.price
          state.reserved += state.price
          requests.push({ id: BigInt(String(events[0]?.['request'])), study, patient, hospital: gateway, isOpen: true })
        })
      } else if (kind === 'settle' && request !== undefined) {
        const of = studies.get(request.study)
        const opening = consents.get(request.patient)
        if (of === undefined || opening === undefined) continue
        // Now and then by the wrong hospital: it must book nothing.
        const label = other % 4 === 0 ? gateway : request.hospital
        await attempt(
          kind,
          stage.send(label, 'rewardPool', 'settle', [request.id, await stage.digestOf(request.id), opening, newSalt()]),
          () => {
            expect(request.isOpen && label === request.hospital).toBe(true)
            request.isOpen = false
            of.reserved -= of.price
            credit(request.patient, of.price - of.hospital - of.pool)
            credit(request.hospital, of.hospital)
            // The pool's share waits until the study is closed.
            of.poolHeld += of.pool
          },
        )
      } else if ((kind === 'refuse' || kind === 'expire') && request !== undefined) {
        const of = studies.get(request.study)
        if (of === undefined) continue
        const sent =
          kind === 'refuse'
            ? stage.send(request.hospital, 'rewardPool', 'refuse', [request.id, await stage.digestOf(request.id), newSalt()])
            : stage.send('Patient 6', 'rewardPool', 'expire', [request.id])
        await attempt(kind, sent, () => {
          expect(request.isOpen).toBe(true)
          request.isOpen = false
          of.reserved -= of.price
          of.available += of.price
        })
      } else if (kind === 'claim') {
        const before = await balance(addressOf(patient))
        await attempt(kind, stage.send(patient, 'rewardPool', 'claim', [token]), () => undefined)
        expect((await balance(addressOf(patient))) - before).toBe(owed.get(patient) ?? 0n)
        owed.delete(patient)
      } else if (kind === 'claimOrganisation') {
        await attempt(kind, stage.send(gateway, 'rewardPool', 'claim_for_organisation', [token]), () => owed.delete(gateway))
      } else if (kind === 'claimPool') {
        await attempt(kind, stage.send('Governance', 'rewardPool', 'claim_pool_share', [token, '0x99']), () => owed.delete('pool'))
      } else if (kind === 'refund' && state !== undefined) {
        const before = await balance(addressOf(RESEARCHER))
        await attempt(kind, stage.send(RESEARCHER, 'rewardPool', 'refund', [study]), () => undefined)
        const back = (await balance(addressOf(RESEARCHER))) - before
        expect([0n, state.available]).toContain(back)
        if (back !== 0n) state.available = 0n
      } else if (kind === 'wait') {
        // Now and then long enough for studies to be closed.
        await stage.pass(other % 5 === 0 ? 34 * DAY_S : DAY_S / 4)
      } else if (kind === 'close' && state !== undefined) {
        for (const each of requests.filter((one) => one.study === study && one.isOpen)) {
          await attempt('expire', stage.send('Patient 6', 'rewardPool', 'expire', [each.id]), () => {
            each.isOpen = false
            state.reserved -= state.price
            state.available += state.price
          })
        }
        await attempt(kind, stage.send('Patient 6', 'rewardPool', 'close', [study]), () => {
          expect(state.reserved).toBe(0n)
          const rebate = state.poolHeld / 2n
          credit(RESEARCHER, state.available + state.bond + rebate)
          credit('pool', state.poolHeld - rebate)
          Object.assign(state, { available: 0n, bond: 0n, poolHeld: 0n })
        })
      } else if (kind === 'claimFunder') {
        const before = await balance(addressOf(RESEARCHER))
        await attempt(kind, stage.send(RESEARCHER, 'rewardPool', 'claim', [token]), () => undefined)
        expect((await balance(addressOf(RESEARCHER))) - before).toBe(owed.get(RESEARCHER) ?? 0n)
        owed.delete(RESEARCHER)
      }
      const held = [...studies.values()].reduce((sum, each) => sum + each.available + each.reserved + each.bond + each.poolHeld, 0n)
      const all = [...owed.values()].reduce((sum, each) => sum + each, held)
      expect(await balance(pool)).toBe(all)
      expect((await stage.view('rewardPool', 'liabilities', [token]))[0]).toBe(all)
    }
    for (const kind of ['open', 'request', 'settle', 'refuse', 'expire', 'claim', 'claimOrganisation', 'refund', 'close', 'claimFunder']) {
      expect([kind, (done.get(kind) ?? 0) > 0]).toEqual([kind, true])
    }
    for (const [id, { available, reserved }] of studies) {
      const found = await readStudy(stage.deployment, studyIdSchema.parse(Number(id)))
      expect([found?.available, BigInt(found?.openRequests ?? 0) * (found?.terms.price ?? 0n)]).toEqual([available, reserved])
    }

    // In the end everybody takes what is theirs: not one unit is left behind.
    await stage.pass(40 * DAY_S)
    for (const { id, isOpen } of requests) if (isOpen) await stage.send('Patient 6', 'rewardPool', 'expire', [id])
    for (const [id, { poolHeld }] of studies) {
      const isClosed = (await readStudy(stage.deployment, studyIdSchema.parse(Number(id))))?.state === 'closed'
      if (!isClosed) await stage.send('Patient 6', 'rewardPool', 'close', [id])
      if (!isClosed) credit('pool', poolHeld - poolHeld / 2n)
    }
    expect(owed.get('pool')).toBeGreaterThan(0n)
    const paid = await stage.send('Governance', 'rewardPool', 'claim_pool_share', [token, '0x99'])
    expect(paid.events).toMatchObject([{ type: 'PoolShareClaimed', amount: owed.get('pool') }])
    for (const label of [...PATIENTS, RESEARCHER]) {
      const [rest] = await stage.view('rewardPool', 'owed', [token, addressOf(label)])
      if (rest !== 0n) await stage.send(label, 'rewardPool', 'claim', [token])
    }
    for (const [label, id] of Object.entries(HOSPITALS)) {
      const [rest] = await stage.view('rewardPool', 'owed_to_organisation', [token, id])
      if (rest !== 0n) await stage.send(label, 'rewardPool', 'claim_for_organisation', [token])
    }
    expect([await balance(pool), ...(await stage.view('rewardPool', 'liabilities', [token]))]).toEqual([0n, 0n])
  })
})

describe('the ends of the ranges', () => {
  test('the largest price and deposit are split and paid with no overflow', async () => {
    const largest = 2n ** 112n - 1n
    const { events } = await stage.send(RESEARCHER, 'rewardPool', 'open_study', [
      await offer({ price: largest - 2n ** 80n, hospital_bps: 10_000, pool_bps: 0 }),
      largest - 2n ** 80n,
    ])
    const study = BigInt(String(events[0]?.['study']))
    const over = stage.send(RESEARCHER, 'rewardPool', 'fund', [study, 2n ** 80n + 1n])
    expect(await stage.refusal(over)).toBe('Pool: amount too large')
    const patient = addressOf('Patient 3')
    const asked = await stage.send(RESEARCHER, 'rewardPool', 'request', [study, patient, HOSPITALS['Gateway of Mercy General'], newSalt()])
    const { chainId, contracts } = stage.deployment
    const made = commitConsent({
      chainId,
      registry: contracts.consentRegistry,
      patient,
      terms: {
        grantee: NORTHGATE,
        purposes: ['HRESCH'],
        notBeforeS: 0,
        expiresAtS: 2_000_000_000,
        categories: ['vitals'],
        dataFromS: 0,
        dataToS: 0,
        custodian: felt(0),
        sensitivities: [],
      },
      salts: deriveSalts(new Uint8Array(32).fill(7), newConsentNonce()),
    })
    await stage.send('Patient 3', 'consentRegistry', 'grant', [made.commitment])
    await stage.send('Gateway of Mercy General', 'rewardPool', 'settle', [
      BigInt(String(asked.events[0]?.['request'])),
      String(asked.events[0]?.['digest']),
      openingArguments(made.opening),
      newSalt(),
    ])
    const before = (await stage.view('rewardPool', 'liabilities', [token]))[0] ?? 0n
    await stage.send('Gateway of Mercy General', 'rewardPool', 'claim_for_organisation', [token])
    expect(before - ((await stage.view('rewardPool', 'liabilities', [token]))[0] ?? 0n)).toBeGreaterThanOrEqual(largest - 2n ** 80n)
  })

  // 1_790_000_000_000 is a deadline in milliseconds: the year 58,692. Nothing gives the deposit back before.
  test('a deadline that no one lives to see is refused: the deposit could never be taken back', async () => {
    for (const deadline of [1_790_000_000_000n, 2n ** 64n - 1n]) {
      const sent = stage.send(RESEARCHER, 'rewardPool', 'open_study', [await offer({ deadline_s: deadline }), 1_000n])
      expect(await stage.refusal(sent)).toMatch(/^Pool: /)
    }
  })

  test('a token that is no contract, or no token, moves nothing and opens no study', async () => {
    const before = await stage.view('rewardPool', 'study_count', [])
    for (const odd of ['0x1234', stage.deployment.contracts.accessLog, stage.deployment.contracts.rewardPool]) {
      await stage.refusal(stage.send(RESEARCHER, 'rewardPool', 'open_study', [await offer({ token: odd }), 1_000n]))
    }
    expect(await stage.view('rewardPool', 'study_count', [])).toEqual(before)
  })
})
