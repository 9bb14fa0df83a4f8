import {
  burnNoncesCalls,
  dismissGuardianCalls,
  nameGuardianCalls,
  readConsentState,
  readGuardianUntilS,
  readOrderNonce,
  submitOrderCalls,
  submitSignedOrderCalls,
} from '@medsync/chain'
import { account, type ConsentOrder, felt, MAX_ORDER, orderTypedData, poseidon } from '@medsync/protocol'
import { stark } from 'starknet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raise, type Stage } from './stage.ts'

// Many changes at once, by the patient, a guardian or a relayer; what forged orders come to stands in replay.test.ts.

const DAY_S = 86_400
const MAX_GUARDIAN_S = 630_720_000

let stage: Stage
beforeAll(async () => {
  stage = await raise()
})
afterAll(() => stage.devnet.stop())

const addressOf = (label: string) => account(stage.as(label).address)
const statusOf = async (label: string, commitment: number | string) =>
  (await readConsentState(stage.deployment, addressOf(label), felt(commitment))).status
const fresh = (seed: number, count: number) => Array.from({ length: count }, (_, index) => poseidon(seed, index))
const order = (changes: Partial<ConsentOrder>): ConsentOrder => ({ revoke: [], replace: [], grant: [], ...changes })
const submit = (label: string, changes: Partial<ConsentOrder>, patient = label) =>
  stage.sendCalls(label, submitOrderCalls(stage.deployment, { patient: addressOf(patient), order: order(changes) }))
const name = (label: string, guardian: string, untilS: number) =>
  stage.sendCalls(label, nameGuardianCalls(stage.deployment, { guardian: addressOf(guardian), untilS }))
const dismiss = (label: string, guardian: string) =>
  stage.sendCalls(label, dismissGuardianCalls(stage.deployment, { guardian: addressOf(guardian) }))
const untilS = (patient: string, guardian: string) => readGuardianUntilS(stage.deployment, addressOf(patient), addressOf(guardian))

describe('submit', () => {
  test('grants a hundred consents in one transaction, replaces them in another and revokes them in a third', async () => {
    const [first, second] = [fresh(1, 100), fresh(2, 100)]
    const granted = await submit('Patient 1', { grant: first })
    expect(granted.events.map(({ type, commitment }) => [type, commitment])).toEqual(first.map((each) => ['ConsentGranted', each]))
    const replace = first.map((old, index) => ({ old, new: second[index] ?? old }))
    const replaced = await submit('Patient 1', { replace })
    expect(replaced.events.map(({ type, old, new: next }) => [type, old, next])).toEqual(
      replace.map((each) => ['ConsentReplaced', each.old, each.new]),
    )
    const revoked = await submit('Patient 1', { revoke: second })
    expect(revoked.events.map(({ type, commitment }) => [type, commitment])).toEqual(second.map((each) => ['ConsentRevoked', each]))
    expect(await Promise.all([...first, ...second].map((each) => statusOf('Patient 1', each)))).toEqual([
      ...first.map(() => 'replaced'),
      ...second.map(() => 'revoked'),
    ])
  })

  test('revokes first, then replaces, then grants, all in one', async () => {
    const [old, older, next, newest] = [felt(0xa1), felt(0xa2), felt(0xa3), felt(0xa4)]
    await submit('Patient 2', { grant: [old, older] })
    const { events } = await submit('Patient 2', { grant: [newest], replace: [{ old: older, new: next }], revoke: [old] })
    expect(events.map(({ type }) => type)).toEqual(['ConsentRevoked', 'ConsentReplaced', 'ConsentGranted'])
    expect(await Promise.all([old, older, next, newest].map((each) => statusOf('Patient 2', each)))).toEqual([
      'revoked',
      'replaced',
      'active',
      'active',
    ])
  })

  test('error: one change that cannot be is the end of all', async () => {
    const [good, used, other] = [felt(0xb1), felt(0xb2), felt(0xb3)]
    await submit('Patient 3', { grant: [used] })
    const bad: [string, Partial<ConsentOrder>][] = [
      ['Consent: already used', { grant: [good, used] }],
      ['Consent: already used', { grant: [good, good] }],
      ['Consent: zero commitment', { grant: [good, felt(0)] }],
      ['Consent: not granted', { revoke: [used, other], grant: [good] }],
      ['Consent: not active', { revoke: [used, used], grant: [good] }],
      // It is revoked before it could be replaced, and granted only after it could be revoked.
      ['Consent: not active', { revoke: [used], replace: [{ old: used, new: good }] }],
      ['Consent: not granted', { revoke: [good], grant: [good] }],
      ['Consent: already used', { revoke: [used], grant: [used] }],
      ['Consent: empty order', {}],
      ['Consent: order too large', { grant: fresh(3, MAX_ORDER + 1) }],
      ['Consent: order too large', { revoke: [used], grant: fresh(3, MAX_ORDER) }],
    ]
    for (const [text, changes] of bad) expect(await stage.refusal(submit('Patient 3', changes))).toBe(text)
    expect([await statusOf('Patient 3', used), await statusOf('Patient 3', good)]).toEqual(['active', 'unknown'])
  })

  test('the largest order fits in one transaction', { timeout: 60_000 }, async () => {
    expect((await submit('Patient 3', { grant: fresh(4, MAX_ORDER) })).events).toHaveLength(MAX_ORDER)
  })
})

describe('a guardian', () => {
  test('acts for the patient before the end of the time, and not from that second on', async () => {
    const endS = (await stage.nowS()) + DAY_S
    expect(await stage.refusal(submit('Patient 5', { grant: [felt(0xc1)] }, 'Patient 4'))).toBe('Consent: not a guardian')
    const { events } = await name('Patient 4', 'Patient 5', endS)
    expect(events).toEqual([{ type: 'GuardianNamed', patient: addressOf('Patient 4'), guardian: addressOf('Patient 5'), untilS: endS }])
    expect(await untilS('Patient 4', 'Patient 5')).toBe(endS)
    const acted = await submit('Patient 5', { grant: [felt(0xc1)] }, 'Patient 4')
    expect(acted.events).toMatchObject([{ type: 'ConsentGranted', patient: addressOf('Patient 4'), commitment: '0xc1' }])
    expect([await statusOf('Patient 4', 0xc1), await statusOf('Patient 5', 0xc1)]).toEqual(['active', 'unknown'])
    // For this patient only, and not the other way round.
    expect(await stage.refusal(submit('Patient 5', { grant: [felt(0xc2)] }, 'Patient 3'))).toBe('Consent: not a guardian')
    expect(await stage.refusal(submit('Patient 4', { grant: [felt(0xc2)] }, 'Patient 5'))).toBe('Consent: not a guardian')
    await stage.pass(endS - (await stage.nowS()))
    expect(await stage.refusal(submit('Patient 5', { grant: [felt(0xc2)] }, 'Patient 4'))).toBe('Consent: not a guardian')
    expect(await untilS('Patient 4', 'Patient 5')).toBe(0)
    expect(await statusOf('Patient 4', 0xc1)).toBe('active')
  })

  test('is dismissed at once, and named again with another time', async () => {
    const nowS = await stage.nowS()
    await name('Patient 4', 'Patient 6', nowS + DAY_S)
    await name('Patient 4', 'Patient 6', nowS + 9 * DAY_S)
    expect(await untilS('Patient 4', 'Patient 6')).toBe(nowS + 9 * DAY_S)
    expect(await stage.refusal(dismiss('Patient 6', 'Patient 6'))).toBe('Consent: not a guardian')
    expect((await dismiss('Patient 4', 'Patient 6')).events).toEqual([
      { type: 'GuardianDismissed', patient: addressOf('Patient 4'), guardian: addressOf('Patient 6') },
    ])
    expect(await stage.refusal(submit('Patient 6', { grant: [felt(0xc3)] }, 'Patient 4'))).toBe('Consent: not a guardian')
    expect(await stage.refusal(dismiss('Patient 4', 'Patient 6'))).toBe('Consent: not a guardian')
    await name('Patient 4', 'Patient 6', nowS + DAY_S)
    await submit('Patient 6', { revoke: [felt(0xc1)] }, 'Patient 4')
    expect(await statusOf('Patient 4', 0xc1)).toBe('revoked')
  })

  test('names no guardian for the patient, and cannot grant in the patient’s name by itself', async () => {
    await name('Patient 4', 'Patient 6', (await stage.nowS()) + DAY_S)
    await name('Patient 6', 'Patient 5', (await stage.nowS()) + DAY_S)
    expect(await stage.refusal(submit('Patient 5', { grant: [felt(0xc4)] }, 'Patient 4'))).toBe('Consent: not a guardian')
    await stage.send('Patient 6', 'consentRegistry', 'grant', ['0xc5'])
    expect(await statusOf('Patient 4', 0xc5)).toBe('unknown')
  })

  test('error: oneself, nobody, a time that is over, and one beyond 20 years', async () => {
    const nowS = await stage.nowS()
    expect(await stage.refusal(name('Patient 4', 'Patient 4', nowS + DAY_S))).toBe('Consent: own guardian')
    const nobody = stage.send('Patient 4', 'consentRegistry', 'name_guardian', ['0x0', BigInt(nowS + DAY_S)])
    expect(await stage.refusal(nobody)).toBe('Consent: zero address')
    for (const endS of [0, nowS, nowS + MAX_GUARDIAN_S + 3_600, (nowS + DAY_S) * 1_000]) {
      expect(await stage.refusal(name('Patient 4', 'Patient 5', endS))).toBe('Consent: bad guardian time')
    }
    await name('Patient 4', 'Patient 5', nowS + MAX_GUARDIAN_S)
  })
})

describe('a signed order', () => {
  const sign = async (signer: string, changes: Partial<ConsentOrder>, { patient = signer, nonce = 0, deadlineS = 0 } = {}) => {
    const { chainId, contracts } = stage.deployment
    const message = { chainId, registry: contracts.consentRegistry, patient: addressOf(patient), order: order(changes), nonce, deadlineS }
    const signature = stark
      .signatureToHexArray(await stage.as(signer).signMessage(orderTypedData(message) as never))
      .map((part) => felt(part))
    return { patient: addressOf(patient), signer: addressOf(signer), order: order(changes), nonce, deadlineS, signature }
  }
  const bring = async (signed: Awaited<ReturnType<typeof sign>>, label = 'Northgate, researcher') =>
    stage.sendCalls(label, submitSignedOrderCalls(stage.deployment, signed))
  const soonS = async () => (await stage.nowS()) + DAY_S
  const nonceOf = (label: string) => readOrderNonce(stage.deployment, addressOf(label))

  test('is brought by anybody, once, and counts as the patient’s own', async () => {
    const signed = await sign('Patient 1', { grant: [felt(0xd1)] }, { deadlineS: await soonS() })
    expect(await nonceOf('Patient 1')).toBe(0)
    const { events } = await bring(signed)
    expect(events).toMatchObject([
      { type: 'NonceUsed', signer: addressOf('Patient 1'), nonce: 0 },
      { type: 'ConsentGranted', patient: addressOf('Patient 1'), commitment: '0xd1' },
    ])
    expect(await nonceOf('Patient 1')).toBe(1)
    expect(await stage.refusal(bring(signed))).toBe('Consent: bad nonce')
    expect(await stage.refusal(bring({ ...signed, nonce: 1 }))).toBe('Consent: bad signature')
  })

  test('of a guardian in time counts for the patient, with the guardian’s nonce', async () => {
    await name('Patient 2', 'Patient 3', await soonS())
    const signed = await sign('Patient 3', { grant: [felt(0xd2)] }, { patient: 'Patient 2', deadlineS: await soonS() })
    await bring(signed)
    expect(await statusOf('Patient 2', 0xd2)).toBe('active')
    expect([await nonceOf('Patient 2'), await nonceOf('Patient 3')]).toEqual([0, 1])
    const late = await sign('Patient 3', { grant: [felt(0xd3)] }, { patient: 'Patient 2', nonce: 1, deadlineS: await soonS() })
    await dismiss('Patient 2', 'Patient 3')
    expect(await stage.refusal(bring(late))).toBe('Consent: not a guardian')
  })

  test('is worthless once its nonce was burned, or its deadline has come', async () => {
    const signed = await sign('Patient 4', { grant: [felt(0xd4)] }, { deadlineS: await soonS() })
    const { events } = await stage.sendCalls('Patient 4', burnNoncesCalls(stage.deployment, { next: 1 }))
    expect(events).toEqual([{ type: 'NonceUsed', signer: addressOf('Patient 4'), nonce: 0 }])
    expect(await stage.refusal(bring(signed))).toBe('Consent: bad nonce')
    for (const bad of [0, 1, 1_000_002]) {
      expect(await stage.refusal(stage.sendCalls('Patient 4', burnNoncesCalls(stage.deployment, { next: bad })))).toBe('Consent: bad nonce')
    }
    const next = await sign('Patient 4', { grant: [felt(0xd4)] }, { nonce: 1, deadlineS: await soonS() })
    await stage.pass(DAY_S)
    expect(await stage.refusal(bring(next))).toBe('Consent: order expired')
    expect(await statusOf('Patient 4', 0xd4)).toBe('unknown')
    await bring(await sign('Patient 4', { grant: [felt(0xd4)] }, { nonce: 1, deadlineS: await soonS() }))
  })
})
