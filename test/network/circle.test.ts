import { randomUUID } from 'node:crypto'
import { callApp } from '@medsync/context/app'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeNetwork, NAMES, type Network, openCircle, PATIENTLY } from './networkStage.ts'
import { untilEqual } from './untilEqual.ts'

describeNetwork('a circle of three nodes', () => {
  let network: Network
  beforeAll(async () => {
    network = await openCircle()
  })
  afterAll(() => network?.close())

  function list(name: string, record: string, patient: string): Promise<boolean> {
    return callApp(network.engine, name, 'put_catalogue_entry', { record, patient })
  }

  async function recordsAt(name: string, patient: string): Promise<string[]> {
    const { entries } = await callApp(network.engine, name, 'catalogue_of', { patient, limit: 200 })
    return entries.map(({ record }) => record).sort()
  }

  test('what any node writes, the others read', async () => {
    for (const writer of NAMES) {
      const record = randomUUID()
      await list(writer, record, '0x11')
      for (const reader of NAMES) await expect.poll(() => recordsAt(reader, '0x11'), PATIENTLY).toContain(record)
    }
  })

  test('what all write at the same time, all have, and their states are equal to the last bit', async () => {
    const records = await Promise.all(
      NAMES.flatMap((name) =>
        Array.from({ length: 8 }, async () => {
          const record = randomUUID()
          await list(name, record, '0x22')
          return record
        }),
      ),
    )
    for (const name of NAMES) await expect.poll(() => recordsAt(name, '0x22'), PATIENTLY).toEqual(records.toSorted())
    await untilEqual(network.engine, NAMES)
  })

  test('a node that is killed while it writes keeps what it confirmed, and catches up with what it missed', async () => {
    const stclare = network.seatOf('stclare')
    const confirmed: string[] = []
    const writing = (async () => {
      for (;;) {
        const record = randomUUID()
        await list('stclare', record, '0x33')
        confirmed.push(record)
      }
    })()
    await expect.poll(() => confirmed.length, PATIENTLY).toBeGreaterThan(5)
    await Promise.all([stclare.node.kill(), expect(writing).rejects.toMatchObject({ code: expect.stringMatching(/^context\//) })])

    const missed = [randomUUID(), randomUUID()]
    for (const record of missed) await list('mercy', record, '0x33')
    await stclare.restart()

    await expect.poll(() => recordsAt('stclare', '0x33'), PATIENTLY).toEqual(expect.arrayContaining([...confirmed, ...missed]))
    for (const name of NAMES) await expect.poll(() => recordsAt(name, '0x33'), PATIENTLY).toEqual(expect.arrayContaining(confirmed))
    await untilEqual(network.engine, NAMES)
  })

  test('the others go on while the keeper’s node is away, and it follows when it is back', async () => {
    const mercy = network.seatOf('mercy')
    await mercy.node.stop()
    const record = randomUUID()
    await list('lakeside', record, '0x44')
    await expect.poll(() => recordsAt('stclare', '0x44'), PATIENTLY).toEqual([record])
    await mercy.restart()
    await expect.poll(() => recordsAt('mercy', '0x44'), PATIENTLY).toEqual([record])
  })

  test('all nodes stopped and started again go on where they were', async () => {
    const before = await recordsAt('mercy', '0x22')
    await Promise.all(NAMES.map((name) => network.seatOf(name).node.stop()))
    await Promise.all(NAMES.map((name) => network.seatOf(name).restart()))
    for (const name of NAMES) expect(await recordsAt(name, '0x22')).toEqual(before)
    const record = randomUUID()
    await list('stclare', record, '0x55')
    for (const name of NAMES) await expect.poll(() => recordsAt(name, '0x55'), PATIENTLY).toEqual([record])
  })
})
