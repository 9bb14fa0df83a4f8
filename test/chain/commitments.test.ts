import { openingArguments } from '@medsync/chain'
import {
  ADDRESS_END,
  account,
  CATEGORY_KEYS,
  type ConsentTerms,
  categoryMask,
  commitConsent,
  commitOpening,
  DECISIONS,
  dataPart,
  decide,
  deriveSalts,
  felt,
  newConsentNonce,
  PURPOSES,
  permitsPurpose,
  provisionsPart,
  SENSITIVITY_KEYS,
  STARK_PRIME,
  sensitivityMask,
} from '@medsync/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raise, type Stage } from './stage.ts'

const SEED = 42
const RUNS = 1_000

const anyAddress = fc.bigInt({ min: 1n, max: ADDRESS_END - 1n }).map((value) => account(value))
const anyFelt = fc.bigInt({ min: 1n, max: STARK_PRIME - 1n }).map((value) => felt(value))
/** Odd ends of the ranges come up as often as the middle. */
const anySeconds = fc.oneof(fc.constantFrom(0, 1, 0xffff_ffff, 0xffff_ffff_ff), fc.integer({ min: 0, max: 0xffff_ffff_ff }))
const anyTerms: fc.Arbitrary<ConsentTerms> = fc.record({
  grantee: anyFelt,
  purposes: fc.uniqueArray(fc.constantFrom(...PURPOSES.map(({ code }) => code)), { minLength: 1 }),
  notBeforeS: anySeconds,
  expiresAtS: anySeconds,
  categories: fc.uniqueArray(fc.constantFrom(...CATEGORY_KEYS), { minLength: 1 }),
  dataFromS: anySeconds,
  dataToS: anySeconds,
  custodian: fc.oneof(fc.constant(felt(0)), anyFelt),
  sensitivities: fc.uniqueArray(fc.constantFrom(...SENSITIVITY_KEYS)),
})
const anySalts = fc.record({ grantee: anyFelt, purposes: anyFelt, period: anyFelt, data: anyFelt })

let stage: Stage
beforeAll(async () => {
  stage = await raise()
})
afterAll(() => stage.devnet.stop())

describe('commitments', () => {
  test('TypeScript and the contract agree on 1,000 random terms, part by part', { timeout: 120_000 }, async () => {
    const { chainId, contracts } = stage.deployment
    let compared = 0
    await fc.assert(
      fc.asyncProperty(anyTerms, anySalts, anyAddress, async (terms, salts, patient) => {
        const { commitment, opening } = commitConsent({ chainId, registry: contracts.consentRegistry, patient, terms, salts })
        const [whole, provisions, data] = await Promise.all([
          stage.view('consentRegistry', 'commit', [patient, openingArguments(opening)]),
          stage.view('consentRegistry', 'provisions_part', [
            BigInt(terms.dataFromS),
            BigInt(terms.dataToS),
            terms.custodian,
            sensitivityMask(terms.sensitivities),
          ]),
          stage.view('consentRegistry', 'data_part', [categoryMask(terms.categories), provisionsPart(terms), salts.data]),
        ])
        expect(whole).toEqual([BigInt(commitment)])
        expect(provisions).toEqual([BigInt(provisionsPart(terms))])
        expect(data).toEqual([BigInt(dataPart(categoryMask(terms.categories), provisionsPart(terms), salts.data))])
        compared++
      }),
      { seed: SEED, numRuns: RUNS },
    )
    expect(compared).toBeGreaterThanOrEqual(RUNS)
  })

  test('every single change of an opening, patient, chain or contract gives another commitment', () => {
    const place = { chainId: felt(1), registry: felt(2), patient: felt(3) }
    fc.assert(
      fc.property(anyTerms, anySalts, (terms, salts) => {
        const { commitment, opening } = commitConsent({ ...place, terms, salts })
        const others = [
          commitOpening({ ...place, chainId: felt(9) }, opening),
          commitOpening({ ...place, registry: felt(9) }, opening),
          commitOpening({ ...place, patient: felt(9) }, opening),
          commitOpening(place, { ...opening, purposes: opening.purposes ^ 1n }),
          commitOpening(place, { ...opening, notBeforeS: opening.notBeforeS + 1 }),
          commitOpening(place, { ...opening, expiresAtS: opening.expiresAtS + 1 }),
          ...(['grantee', 'granteeSalt', 'purposesSalt', 'periodSalt', 'data'] as const).map((field) =>
            commitOpening(place, { ...opening, [field]: felt((BigInt(opening[field]) + 1n) % STARK_PRIME) }),
          ),
        ]
        expect(new Set([commitment, ...others]).size).toBe(others.length + 1)
      }),
      { seed: SEED, numRuns: 50 },
    )
  })

  test('error: a zero salt or an empty closed part is refused by the contract', async () => {
    const opening = {
      grantee: felt(1),
      granteeSalt: felt(2),
      purposes: 1n,
      purposesSalt: felt(3),
      notBeforeS: 0,
      expiresAtS: 1,
      periodSalt: felt(4),
      data: felt(5),
    }
    for (const field of ['granteeSalt', 'purposesSalt', 'periodSalt', 'data'] as const) {
      const broken = openingArguments({ ...opening, [field]: felt(0) })
      expect(await stage.refusal(stage.view('consentRegistry', 'commit', ['0x3', broken]))).toBe('Consent: zero salt')
    }
    expect(await stage.refusal(stage.view('consentRegistry', 'data_part', [1n, '0x1', '0x0']))).toBe('Consent: zero salt')
  })
})

describe('decide', () => {
  test('the contract and TypeScript permit the same purposes: all 59 x 59 pairs', { timeout: 60_000 }, async () => {
    const { chainId, contracts } = stage.deployment
    const patient = felt(stage.as('Patient 1').address)
    const nowS = await stage.nowS()
    for (const granted of PURPOSES) {
      const terms: ConsentTerms = {
        grantee: felt(7),
        purposes: [granted.code],
        notBeforeS: 0,
        expiresAtS: nowS + 86_400,
        categories: ['vitals'],
        dataFromS: 0,
        dataToS: 0,
        custodian: felt(0),
        sensitivities: [],
      }
      const { commitment, opening } = commitConsent({
        chainId,
        registry: contracts.consentRegistry,
        patient,
        terms,
        salts: deriveSalts(new Uint8Array(32), newConsentNonce()),
      })
      await stage.send('Patient 1', 'consentRegistry', 'grant', [commitment])
      const answers = await Promise.all(
        PURPOSES.map(({ index }) => stage.view('consentRegistry', 'decide', [patient, openingArguments(opening), '0x7', index])),
      )
      answers.forEach(([answer], index) => {
        const expected = permitsPurpose(opening.purposes, index) ? DECISIONS.permit : DECISIONS['other-purpose']
        expect({ granted: granted.code, asked: index, answer }).toEqual({ granted: granted.code, asked: index, answer: BigInt(expected) })
      })
    }
  })

  test('each reason, at each boundary of time, is the one that TypeScript gives', async () => {
    const { chainId, contracts } = stage.deployment
    const patient = felt(stage.as('Patient 2').address)
    const startS = (await stage.nowS()) + 1_000
    const terms: ConsentTerms = {
      grantee: felt(7),
      purposes: ['HRESCH'],
      notBeforeS: startS,
      expiresAtS: startS + 1_000,
      categories: ['vitals'],
      dataFromS: 0,
      dataToS: 0,
      custodian: felt(0),
      sensitivities: [],
    }
    const made = commitConsent({
      chainId,
      registry: contracts.consentRegistry,
      patient,
      terms,
      salts: deriveSalts(new Uint8Array(32), newConsentNonce()),
    })
    const research = PURPOSES.findIndex(({ code }) => code === 'CLINTRCH')
    const ask = async (grantee = '0x7', purpose = research) =>
      Number((await stage.view('consentRegistry', 'decide', [patient, openingArguments(made.opening), grantee, purpose]))[0])
    const ours = async (status: 'unknown' | 'active' | 'revoked', grantee = felt(7), purposeIndex = research) =>
      DECISIONS[
        decide({
          status,
          terms,
          grantee,
          purposeIndex,
          custodian: felt(1),
          categories: ['vitals'],
          dataFromS: 0,
          dataToS: 0,
          nowS: await pendingS(),
        }).decision
      ]
    // A view runs at the time of the next block, which devnet sets from its clock: make the block, then ask for its time.
    const pendingS = async () => stage.nowS()
    expect(await ask()).toBe(DECISIONS['not-granted'])
    await stage.send('Patient 2', 'consentRegistry', 'grant', [made.commitment])
    expect(await ask()).toBe(await ours('active'))
    expect(await ask()).toBe(DECISIONS['not-yet-valid'])
    await stage.pass(startS - (await stage.nowS()))
    expect(await ask()).toBe(DECISIONS.permit)
    expect(await ask()).toBe(await ours('active'))
    expect(await ask('0x8')).toBe(DECISIONS['other-grantee'])
    expect(await ask('0x7', 0)).toBe(DECISIONS['other-purpose'])
    expect(await stage.refusal(ask('0x7', 59))).toBe('Consent: unknown purpose')
    await stage.pass(startS + 1_000 - (await stage.nowS()))
    expect(await ask()).toBe(DECISIONS.expired)
    await stage.send('Patient 2', 'consentRegistry', 'revoke', [made.commitment])
    expect(await ask()).toBe(DECISIONS.revoked)
    expect(await ours('revoked')).toBe(DECISIONS.revoked)
  })
})
