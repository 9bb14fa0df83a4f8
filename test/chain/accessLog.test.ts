import { type EntryLink, felt, logGenesis, slugToOrganisationId, verifyEntries } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raise, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await raise()
})
afterAll(() => stage.devnet.stop())

const MERCY = slugToOrganisationId('mercy')
const append = (label: string, patient: string, digest: string, kind = 1) =>
  stage.send(label, 'accessLog', 'append', [patient, kind, digest])
const log = async (patient: string) => {
  const [count, head] = await stage.view('accessLog', 'log_of', [patient])
  const { chainId, contracts } = stage.deployment
  return { count: Number(count), head: felt(head ?? 0n), genesis: logGenesis(chainId, contracts.accessLog, felt(patient)) }
}

describe('append', () => {
  test('links the entries of a patient so that TypeScript can prove the list whole, from several hospitals', async () => {
    const patient = '0x5001'
    const outcomes = [
      await append('Gateway of Mercy General', patient, '0x1'),
      await append('Gateway of St. Clare', patient, '0x1', 2),
      await append('Mercy General, records office', patient, '0x2'),
    ]
    const links = outcomes.flatMap(({ events }) => events) as unknown as EntryLink[]
    expect(links.map(({ index, kind }) => [index, kind])).toEqual([
      [1, 1],
      [2, 2],
      [3, 1],
    ])
    const whole = await log(patient)
    expect(() => verifyEntries(links, whole)).not.toThrow()
    expect(() => verifyEntries(links.slice(0, 2), whole)).toThrow()
    expect(() => verifyEntries([links[1], links[0], links[2]] as EntryLink[], whole)).toThrow()
    for (const change of [{ kind: 2 }, { digest: felt(9) }, { hospital: felt(9) }, { loggedAtS: 1 }]) {
      expect(() => verifyEntries([{ ...links[0], ...change }, ...links.slice(1)] as EntryLink[], whole)).toThrow()
    }
    expect((await stage.view('accessLog', 'entry', [MERCY, patient, '0x2'])).slice(0, 2)).toEqual([3n, 1n])
    expect(await stage.view('accessLog', 'entry', [MERCY, patient, '0x3'])).toEqual([0n, 0n, 0n])
  })

  test('error: an entry is never overwritten, and a repeated call changes nothing', async () => {
    const patient = '0x5002'
    await append('Gateway of Mercy General', patient, '0x1')
    const before = await log(patient)
    expect(await stage.refusal(append('Gateway of Mercy General', patient, '0x1', 2))).toBe('Log: already written')
    expect(await log(patient)).toEqual(before)
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
    expect(await stage.refusal(stage.send(label, 'accessLog', 'append_for', [MERCY, '0x1', 1, '0x1']))).toBe('Log: not the pool')
  })

  test('error: the pool is named once, by the owner alone', async () => {
    expect(await stage.refusal(stage.send('Patient 1', 'accessLog', 'set_pool', ['0x1']))).toBe('Log: not the owner')
    expect(await stage.refusal(stage.send('Governance', 'accessLog', 'set_pool', ['0x1']))).toBe('Log: pool already set')
  })
})
