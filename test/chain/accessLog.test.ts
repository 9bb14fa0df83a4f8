import { appendBatchCalls, appendEmergencyCalls, eventShapes, readPatientLog } from '@medsync/chain'
import {
  EMERGENCY_PURPOSES,
  type EntryLink,
  felt,
  newSalt,
  PURPOSES,
  purposeOf,
  slugToOrganisationId,
  verifyEntries,
} from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Outcome, raise, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await raise()
})
afterAll(() => stage.devnet.stop())

const MERCY = slugToOrganisationId('mercy')
const append = (label: string, patient: string, digest: string, kind = 1) =>
  stage.send(label, 'accessLog', 'append', [patient, kind, digest])
const log = (patient: string) => readPatientLog(stage.deployment, felt(patient))
const linksOf = (...outcomes: Outcome[]): EntryLink[] =>
  outcomes.flatMap(({ events }) => events).map((event) => eventShapes.EntryAppended.parse(event))

describe('append', () => {
  test('adds entries to a patient’s tree so that TypeScript can prove the list whole, from several hospitals', async () => {
    const patient = '0x5001'
    const links = linksOf(
      await append('Gateway of Mercy General', patient, '0x1'),
      await append('Gateway of St. Clare', patient, '0x1', 2),
      await append('Mercy General, records office', patient, '0x2'),
    )
    expect(links.map(({ index, kind, reference }) => [index, kind, reference])).toEqual([
      [1, 1, 0],
      [2, 2, 0],
      [3, 1, 0],
    ])
    const whole = await log(patient)
    expect(() => verifyEntries(links, whole)).not.toThrow()
    expect(() => verifyEntries(links.slice(0, 2), whole)).toThrow()
    expect(() =>
      verifyEntries(
        [links[1], links[0], links[2]].flatMap((link) => link ?? []),
        whole,
      ),
    ).toThrow()
    for (const change of [{ kind: 2 }, { reference: 1 }, { digest: felt(9) }, { hospital: felt(9) }, { loggedAtS: 1 }]) {
      expect(() =>
        verifyEntries(
          links.map((link, at) => (at === 0 ? { ...link, ...change } : link)),
          whole,
        ),
      ).toThrow()
    }
  })

  test('the same digest twice is two entries, and neither changes what stands before', async () => {
    const patient = '0x5002'
    const links = linksOf(
      await append('Gateway of Mercy General', patient, '0x1'),
      await append('Gateway of Mercy General', patient, '0x1'),
    )
    expect(links.map(({ index }) => index)).toEqual([1, 2])
    verifyEntries(links, await log(patient))
  })

  test('another hospital that writes the same digest first blocks nobody', async () => {
    await append('Gateway of St. Clare', '0x5003', '0x7')
    await append('Gateway of Mercy General', '0x5003', '0x7')
    expect((await log('0x5003')).count).toBe(2)
  })

  test.each(['Patient 1', 'Governance', 'Northgate, researcher'])('error: %s is no hospital', async (label) => {
    expect(await stage.refusal(append(label, '0x5004', '0x1'))).toBe('Log: not a hospital')
  })

  test('error: no patient, no digest, a kind that is not known', async () => {
    expect(await stage.refusal(append('Gateway of Mercy General', '0x0', '0x1'))).toBe('Log: zero patient')
    expect(await stage.refusal(append('Gateway of Mercy General', '0x1', '0x0'))).toBe('Log: zero digest')
    for (const kind of [0, 3, 255])
      expect(await stage.refusal(append('Gateway of Mercy General', '0x1', '0x1', kind))).toBe('Log: unknown kind')
  })

  test('error: a suspended hospital writes nothing, from the same block on', async () => {
    await stage.send('Governance', 'participants', 'suspend', [slugToOrganisationId('lakeside')])
    expect(await stage.refusal(append('Gateway of Lakeside', '0x5005', '0x1'))).toBe('Log: not a hospital')
    await stage.send('Governance', 'participants', 'reinstate', [slugToOrganisationId('lakeside')])
    await append('Gateway of Lakeside', '0x5005', '0x1')
  })

  test.each(['Gateway of Mercy General', 'Governance', 'Patient 1'])('error: %s cannot write in the pool’s name', async (label) => {
    expect(await stage.refusal(stage.send(label, 'accessLog', 'append_for', [MERCY, '0x1', 1, 0n, '0x1']))).toBe('Log: not the pool')
  })

  test('error: the pool is named once, by the owner alone', async () => {
    expect(await stage.refusal(stage.send('Patient 1', 'accessLog', 'set_pool', ['0x1']))).toBe('Log: not the owner')
    expect(await stage.refusal(stage.send('Governance', 'accessLog', 'set_pool', ['0x1']))).toBe('Log: pool already set')
  })
})

describe('append_emergency', () => {
  test('writes a marked entry with its reason, for each of the five reasons', async () => {
    const outcomes: Outcome[] = []
    for (const reason of EMERGENCY_PURPOSES) {
      const calls = appendEmergencyCalls(stage.deployment, { patient: felt(0x5101), reason, digest: newSalt() })
      outcomes.push(await stage.sendCalls('Gateway of Mercy General', calls))
    }
    const links = linksOf(...outcomes)
    expect(links.map(({ kind, reference }) => [kind, reference])).toEqual(EMERGENCY_PURPOSES.map((code) => [3, purposeOf(code).index]))
    verifyEntries(links, await log('0x5101'))
  })

  test('error: no other purpose is a reason, nor is what is no purpose', async () => {
    const others = PURPOSES.filter(({ code }) => !EMERGENCY_PURPOSES.some((reason) => reason === code)).map(({ index }) => index)
    for (const reason of [...others, 59, 255]) {
      const sent = stage.send('Gateway of Mercy General', 'accessLog', 'append_emergency', ['0x5102', reason, '0x1'])
      expect(await stage.refusal(sent)).toBe('Log: no emergency reason')
    }
  })

  test.each(['Patient 1', 'Governance', 'Northgate, researcher'])('error: %s is no hospital', async (label) => {
    const sent = stage.send(label, 'accessLog', 'append_emergency', ['0x5102', purposeOf('BTG').index, '0x1'])
    expect(await stage.refusal(sent)).toBe('Log: not a hospital')
  })

  test('error: a suspended hospital, no patient, no digest', async () => {
    const send = (patient: string, digest: string, label = 'Gateway of Mercy General') =>
      stage.send(label, 'accessLog', 'append_emergency', [patient, purposeOf('BTG').index, digest])
    expect(await stage.refusal(send('0x0', '0x1'))).toBe('Log: zero patient')
    expect(await stage.refusal(send('0x5102', '0x0'))).toBe('Log: zero digest')
    await stage.send('Governance', 'participants', 'suspend', [slugToOrganisationId('lakeside')])
    expect(await stage.refusal(send('0x5102', '0x1', 'Gateway of Lakeside'))).toBe('Log: not a hospital')
    await stage.send('Governance', 'participants', 'reinstate', [slugToOrganisationId('lakeside')])
    expect((await log('0x5102')).count).toBe(0)
  })
})

describe('append_batch', () => {
  const send = (label: string, root = newSalt()) => stage.sendCalls(label, appendBatchCalls(stage.deployment, { root }))

  test('counts the batches of all hospitals in one tree; the same root twice is two batches', async () => {
    const root = newSalt()
    const [one, other, third] = [
      await send('Gateway of Mercy General', root),
      await send('Gateway of St. Clare'),
      await send('Gateway of Mercy General', root),
    ]
    expect([one, other, third].flatMap(({ events }) => events)).toMatchObject([
      { type: 'BatchAppended', hospital: MERCY, index: 1, root },
      { type: 'BatchAppended', hospital: slugToOrganisationId('stclare'), index: 2 },
      { type: 'BatchAppended', hospital: MERCY, index: 3, root },
    ])
  })

  test('error: no root; nobody but an active hospital', async () => {
    expect(await stage.refusal(send('Gateway of Mercy General', felt(0)))).toBe('Log: zero root')
    for (const label of ['Patient 1', 'Governance', 'Northgate, researcher'])
      expect(await stage.refusal(send(label))).toBe('Log: not a hospital')
    await stage.send('Governance', 'participants', 'suspend', [slugToOrganisationId('lakeside')])
    expect(await stage.refusal(send('Gateway of Lakeside'))).toBe('Log: not a hospital')
    await stage.send('Governance', 'participants', 'reinstate', [slugToOrganisationId('lakeside')])
  })
})
