import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { callApp, type MemberView, type TermsView } from '@medsync/context/app'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hostileApp } from '../../scripts/app/hostileApp.ts'
import { plantHostileApp } from '../../scripts/app/plantHostileApp.ts'
import { callAround } from './callAround.ts'
import { describeNetwork, type Network, nodeBinary, openCircle, PATIENTLY } from './networkStage.ts'
import { untilEqual } from './untilEqual.ts'

const HONEST = ['mercy', 'lakeside'] as const
const COMMITMENT = '0x51'
const SEALED = Buffer.from('sealed').toString('base64')

const hostile = nodeBinary === '' ? undefined : await hostileApp()
if (nodeBinary !== '' && hostile === undefined) console.warn('There is no cargo here to compile the hostile app with: nothing is forged.')
const describeHostile = hostile === undefined ? describe.skip : describeNetwork

describeHostile('a member whose node runs hostile code', () => {
  let network: Network
  beforeAll(async () => {
    network = await openCircle()
    const parties = [{ label: 'c3'.repeat(32), sealed: SEALED }]
    const terms = { commitment: COMMITMENT, patient_tag: 'true', parties, nonce: SEALED, filed_at_s: 1_000 }
    await callApp(network.engine, 'lakeside', 'file_terms', terms)
    await vi.waitFor(async () => expect(await termsAt('stclare')).toHaveLength(1), PATIENTLY)
    const stclare = network.seatOf('stclare')
    await stclare.node.stop()
    await plantHostileApp(stclare.home, await readFile(hostile ?? ''))
    await stclare.restart()
  })
  afterAll(() => network?.close())

  function termsAt(name: string): Promise<TermsView[]> {
    return callApp(network.engine, name, 'terms_by_commitment', { commitment: COMMITMENT })
  }

  function membersAt(name: string): Promise<MemberView[]> {
    return callApp(network.engine, name, 'members', {})
  }

  /** Runs a method of the hostile app, and waits until what its node sent afterwards has reached the honest ones: so has the forgery. */
  async function forge(method: string, args: Record<string, unknown>): Promise<void> {
    const answer = await callAround(network.seatOf('stclare'), network.ids.contextId, method, args)
    if (args['claiming'] !== 'self') expect(answer).toBe(true)
    const [record, patient] = [randomUUID(), '0x99']
    await callApp(network.engine, 'stclare', 'put_catalogue_entry', { record, patient })
    for (const name of HONEST) {
      const recordsThere = async (): Promise<string[]> =>
        (await callApp(network.engine, name, 'catalogue_of', { patient, limit: 200 })).entries.map((entry) => entry.record)
      await expect.poll(recordsThere, PATIENTLY).toContain(record)
    }
  }

  const claims = ['owner', 'nobody', 'self'] as const

  test.each(claims)('forged terms in the name of %s are believed by its own node and by no other', async (claiming) => {
    const filed_by = network.executorOf('lakeside')
    const before = await termsAt('mercy')
    await forge('forge_terms_change', { commitment: COMMITMENT, filed_by, claiming })
    await forge('forge_terms_entry', { commitment: COMMITMENT, filed_by, claiming })
    if (claiming !== 'self') expect(JSON.stringify(await termsAt('stclare'))).toContain('forged')
    for (const name of HONEST) {
      expect(await termsAt(name)).toEqual(before)
      expect(await callApp(network.engine, name, 'terms_by_commitment', { commitment: '0xf0f0' })).toEqual([])
    }
    await untilEqual(network.engine, HONEST)
  })

  test.each(claims)('a member list forged in the name of %s admits and removes nobody elsewhere', async (claiming) => {
    const before = await membersAt('mercy')
    await forge('forge_member', { executor: 'ee'.repeat(32), is_active: true, claiming })
    await forge('forge_member', { executor: network.executorOf('lakeside'), is_active: false, claiming })
    for (const name of HONEST) expect(await membersAt(name)).toEqual(before)
    await untilEqual(network.engine, HONEST)
  })

  test('terms that it deletes stay where others have them, and the others go on', async () => {
    const before = await termsAt('mercy')
    await forge('forge_terms_removal', { commitment: COMMITMENT, filed_by: network.executorOf('lakeside') })
    expect(await termsAt('stclare')).toEqual([])
    for (const name of HONEST) expect(await termsAt(name)).toEqual(before)
    for (const name of HONEST) await callApp(network.engine, name, 'put_catalogue_entry', { record: randomUUID(), patient: '0x1' })
    await untilEqual(network.engine, HONEST)
  })
})
