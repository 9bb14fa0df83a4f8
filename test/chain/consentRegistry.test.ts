import { felt } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raise, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await raise()
})
afterAll(() => stage.devnet.stop())

const state = async (label: string, commitment: string) =>
  (await stage.view('consentRegistry', 'state', [stage.as(label).address, commitment])).map(Number)

describe('grant', () => {
  test('makes a consent active and tells it', async () => {
    const { events } = await stage.send('Patient 1', 'consentRegistry', 'grant', ['0xa1'])
    const grantedAtS = Number(events[0]?.['grantedAtS'])
    expect(Math.abs((await stage.nowS()) - grantedAtS)).toBeLessThan(60)
    expect(events).toEqual([{ type: 'ConsentGranted', patient: felt(stage.as('Patient 1').address), commitment: '0xa1', grantedAtS }])
    expect(await state('Patient 1', '0xa1')).toEqual([1, grantedAtS, 0])
  })

  test('nobody uses up another patient’s commitment', async () => {
    await stage.send('Patient 3', 'consentRegistry', 'grant', ['0xa2'])
    await stage.send('Patient 2', 'consentRegistry', 'grant', ['0xa2'])
    expect((await state('Patient 2', '0xa2'))[0]).toBe(1)
  })

  test('error: a zero commitment, a used one, and one that was used and ended', async () => {
    expect(await stage.refusal(stage.send('Patient 1', 'consentRegistry', 'grant', ['0x0']))).toBe('Consent: zero commitment')
    expect(await stage.refusal(stage.send('Patient 1', 'consentRegistry', 'grant', ['0xa1']))).toBe('Consent: already used')
    await stage.send('Patient 1', 'consentRegistry', 'grant', ['0xa3'])
    await stage.send('Patient 1', 'consentRegistry', 'revoke', ['0xa3'])
    expect(await stage.refusal(stage.send('Patient 1', 'consentRegistry', 'grant', ['0xa3']))).toBe('Consent: already used')
  })
})

describe('revoke', () => {
  test('ends a consent for good, and a second time says so', async () => {
    await stage.send('Patient 1', 'consentRegistry', 'grant', ['0xb1'])
    const { events } = await stage.send('Patient 1', 'consentRegistry', 'revoke', ['0xb1'])
    expect(events.map(({ type }) => type)).toEqual(['ConsentRevoked'])
    expect((await state('Patient 1', '0xb1'))[0]).toBe(2)
    expect(await stage.refusal(stage.send('Patient 1', 'consentRegistry', 'revoke', ['0xb1']))).toBe('Consent: not active')
  })

  test.each(['Patient 2', 'Governance', 'Gateway of Mercy General', 'Northgate, researcher'])(
    'error: %s cannot revoke it',
    async (label) => {
      await stage.send('Patient 1', 'consentRegistry', 'grant', [`0xb2${label.length}`])
      expect(await stage.refusal(stage.send(label, 'consentRegistry', 'revoke', [`0xb2${label.length}`]))).toBe('Consent: not granted')
      expect((await state('Patient 1', `0xb2${label.length}`))[0]).toBe(1)
    },
  )
})

describe('replace', () => {
  test('ends the old and makes the new active in one step', async () => {
    await stage.send('Patient 1', 'consentRegistry', 'grant', ['0xc1'])
    const { events } = await stage.send('Patient 1', 'consentRegistry', 'replace', ['0xc1', '0xc2'])
    expect(events).toMatchObject([{ type: 'ConsentReplaced', old: '0xc1', new: '0xc2' }])
    expect((await state('Patient 1', '0xc1'))[0]).toBe(3)
    expect((await state('Patient 1', '0xc2'))[0]).toBe(1)
  })

  test('error: what is not active cannot be replaced, nor by something used, nor by itself, and then nothing changes', async () => {
    await stage.send('Patient 1', 'consentRegistry', 'grant', ['0xc3'])
    const replace = (label: string, old: string, next: string) =>
      stage.refusal(stage.send(label, 'consentRegistry', 'replace', [old, next]))
    expect(await replace('Patient 1', '0xc4', '0xc5')).toBe('Consent: not granted')
    expect(await replace('Patient 2', '0xc3', '0xc5')).toBe('Consent: not granted')
    expect(await replace('Patient 1', '0xc1', '0xc5')).toBe('Consent: not active')
    expect(await replace('Patient 1', '0xc3', '0xc2')).toBe('Consent: already used')
    expect(await replace('Patient 1', '0xc3', '0xc3')).toBe('Consent: already used')
    expect(await replace('Patient 1', '0xc3', '0x0')).toBe('Consent: zero commitment')
    expect((await state('Patient 1', '0xc3'))[0]).toBe(1)
  })
})
