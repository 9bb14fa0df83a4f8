import { randomBytes } from 'node:crypto'
import { callApp } from '@medsync/context/app'
import type { ContextEvent } from '@medsync/context/engine'
import { describe, expect, onTestFinished, test } from 'vitest'
import { failureOf } from '../context/engineStage.ts'
import { filesWith } from './filesWith.ts'
import { describeNetwork, NAMES, type Network, openCircle, PATIENTLY } from './networkStage.ts'
import { untilEqual } from './untilEqual.ts'

const SPACES = ['records', 'observations', 'scores', 'shares'] as const

/** Random, so that no compression changes it, and of letters that no encoding changes. */
function marker(): string {
  return `planted${randomBytes(24).toString('hex')}`
}

/** What lakeside is given to keep to itself, and what it tells the circle. */
type Planted = { readonly values: string[]; readonly keys: string[]; readonly shared: string; readonly events: string }

async function plant(network: Network): Promise<Planted> {
  const { engine } = network
  const [values, keys, shared] = [SPACES.map(marker), SPACES.map(marker), marker()]
  const told: ContextEvent[] = []
  const stop = new AbortController()
  const reading = (async () => {
    for await (const event of engine.events({ signal: stop.signal })) told.push(event)
  })()
  for (const [n, space] of SPACES.entries()) {
    const value_base64 = Buffer.from(values[n] ?? '').toString('base64')
    await callApp(engine, 'lakeside', 'put_private', { space, key: keys[n] ?? '', value_base64 })
    expect(await callApp(engine, 'lakeside', 'get_private', { space, key: keys[n] ?? '' })).toBe(value_base64)
    for (const other of ['mercy', 'stclare'] as const)
      expect(await callApp(engine, other, 'get_private', { space, key: keys[n] ?? '' })).toBeNull()
  }
  await callApp(engine, 'lakeside', 'put_catalogue_entry', { record: shared, patient: '0x77' })
  for (const name of NAMES)
    await expect
      .poll(async () => (await callApp(engine, name, 'catalogue_of', { patient: '0x77' })).entries, PATIENTLY)
      .toMatchObject([{ record: shared }])
  await untilEqual(engine, NAMES)
  await expect.poll(() => told.map(({ kind }) => kind)).toContain('RecordListed')
  stop.abort()
  await reading
  return { values, keys, shared, events: JSON.stringify(told) }
}

/** Where a text is, node by node, once all programs have ended. */
async function placesOf(network: Network, text: string): Promise<Record<string, number>> {
  const counts = NAMES.map(async (name) => [name, (await filesWith(network.seatOf(name).home, text)).length] as const)
  return Object.fromEntries(await Promise.all(counts))
}

describeNetwork('values that a node keeps to itself', () => {
  describe.each([
    { how: 'in clear', isEncrypted: false },
    { how: 'encrypted', isEncrypted: true },
  ])('stored $how', ({ isEncrypted }) => {
    test('are in no other node’s files, and in no event and no log line', async () => {
      const network = await openCircle({ isEncrypted })
      onTestFinished(() => network.close())
      const { values, keys, shared, events } = await plant(network)
      const wrong = marker()
      const refused = network.engine.call('lakeside', 'put_private', { space: 'records', key: 'k', value_base64: { wrong } })
      const words = await failureOf(refused)
      const said = network.said()
      await Promise.all(NAMES.map((name) => network.seatOf(name).node.stop()))

      const atHome = isEncrypted ? 0 : expect.any(Number)
      for (const planted of [...values, ...keys]) {
        expect(await placesOf(network, planted)).toEqual({ mercy: 0, lakeside: atHome, stclare: 0 })
        expect(events).not.toContain(planted)
        expect(said).not.toContain(planted)
      }
      for (const text of [words, said]) expect(text).not.toContain(wrong)
      for (const name of NAMES) expect((await placesOf(network, wrong))[name]).toBe(0)
      // The search finds what is there: without encryption a value at home, and what is shared everywhere.
      const here = isEncrypted ? 0 : 1
      expect(Math.min((await placesOf(network, values[0] ?? '')).lakeside ?? 0, 1)).toBe(here)
      for (const name of NAMES) expect(Math.min((await placesOf(network, shared))[name] ?? 0, 1)).toBe(here)
    })
  })
})
