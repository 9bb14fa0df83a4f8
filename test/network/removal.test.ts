import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { callApp } from '@medsync/context/app'
import { type Invitation, inviteToCircle, joinCircle, leaveCircle, removeFromCircle } from '@medsync/context/calimero'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { APP_BUNDLE } from '../../scripts/nodes/startNetwork.ts'
import { filesWith } from './filesWith.ts'
import { describeNetwork, type Network, openCircle, PATIENTLY } from './networkStage.ts'

/** Longer than from one sync of a node with its peers to the next. */
const A_SYNC_MS = 11_000

describeNetwork('a node that is no longer of the circle', () => {
  let network: Network
  beforeAll(async () => {
    // In clear, so that what is not in a node's files did not reach it.
    network = await openCircle({ isEncrypted: false })
  })
  afterAll(() => network?.close())

  async function list(name: string): Promise<string> {
    const record = randomUUID()
    await callApp(network.engine, name, 'put_catalogue_entry', { record, patient: '0x11' })
    return record
  }

  async function recordsAt(name: string): Promise<string[]> {
    const { entries } = await callApp(network.engine, name, 'catalogue_of', { patient: '0x11', limit: 200 })
    return entries.map(({ record }) => record)
  }

  async function listedAndReadBy(writer: string, reader: string): Promise<string> {
    const record = await list(writer)
    await expect.poll(() => recordsAt(reader), PATIENTLY).toContain(record)
    return record
  }

  function filesOf(name: string, record: string): Promise<string[]> {
    return filesWith(network.seatOf(name).home, record)
  }

  const late: string[] = []
  let old: Invitation

  test('removed, it reads and writes no more', async () => {
    const { engine, ids, executorOf, seatOf } = network
    old = await inviteToCircle(seatOf('mercy').node.access, ids, { expiresInS: 600 })
    await listedAndReadBy('mercy', 'stclare')
    await callApp(engine, 'mercy', 'remove_member', { executor: executorOf('stclare') })
    await removeFromCircle(seatOf('mercy').node.access, ids, executorOf('stclare'))
    const refused = { code: 'context/node-not-ready' }
    await expect.poll(() => list('stclare').catch((failure: unknown) => failure), PATIENTLY).toMatchObject(refused)
    await expect(recordsAt('stclare')).rejects.toMatchObject(refused)
    late.push(await listedAndReadBy('mercy', 'lakeside'))
    await seatOf('stclare').node.stop()
    await seatOf('stclare').restart()
  })

  test('error: an invitation that it kept does not bring it back', async () => {
    const joining = joinCircle(network.seatOf('stclare').node.access, old, { bundlePath: APP_BUNDLE, timeoutMs: 4_000 })
    await expect(joining).rejects.toMatchObject({ code: 'context/node-not-ready' })
    late.push(await listedAndReadBy('mercy', 'lakeside'))
  })

  test('one that left reads and writes no more either', async () => {
    const { ids, seatOf } = network
    await leaveCircle(seatOf('lakeside').node.access, ids)
    const refused = { code: 'context/node-not-ready' }
    await expect.poll(() => list('lakeside').catch((failure: unknown) => failure), PATIENTLY).toMatchObject(refused)
    late.push(await list('mercy'))
  })

  test('no later entry ever reaches their files, which keep what they had', async () => {
    await sleep(A_SYNC_MS)
    const [early = ''] = await recordsAt('mercy').then((records) => records.toReversed())
    const last = late.at(-1) ?? ''
    for (const name of ['stclare', 'lakeside']) expect(await filesOf(name, early)).not.toEqual([])
    for (const record of late) expect(await filesOf('stclare', record)).toEqual([])
    expect(await filesOf('lakeside', last)).toEqual([])
    // Where they are, the search finds them.
    for (const record of late.slice(0, -1)) expect(await filesOf('lakeside', record)).not.toEqual([])
    expect(await filesOf('mercy', last)).not.toEqual([])
  })
})
