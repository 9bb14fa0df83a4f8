import { randomBytes } from 'node:crypto'
import { relative } from 'node:path'
import { callApp } from '@medsync/context/app'
import type { ContextEvent } from '@medsync/context/engine'
import { expect, onTestFinished, test } from 'vitest'
import { readNodeHome } from '../../scripts/nodes/nodeHome.ts'
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

/** In how many files of each node any of some texts is. */
async function filesOf(network: Network, texts: readonly string[]): Promise<Record<string, number>> {
  const counts = NAMES.map(async (name) => {
    const holding = await Promise.all(texts.map((text) => filesWith(network.seatOf(name).home, text)))
    return [name, new Set(holding.flat()).size] as const
  })
  return Object.fromEntries(await Promise.all(counts))
}

const NOWHERE = { mercy: 0, lakeside: 0, stclare: 0 }

describeNetwork('values that a node keeps to itself', () => {
  test.each([
    { how: 'in clear, and so seen by the search', isEncrypted: false },
    { how: 'encrypted', isEncrypted: true },
  ])('are in no other node’s files, in no event, log line or error; their own node stores them $how', async ({ isEncrypted }) => {
    const network = await openCircle({ isEncrypted })
    onTestFinished(() => network.close())
    const { values, keys, shared, events } = await plant(network)
    const wrong = marker()
    const refused = network.engine.call('lakeside', 'put_private', { space: 'records', key: 'k', value_base64: { wrong } })
    const words = await failureOf(refused)
    const said = network.said()
    await Promise.all(NAMES.map((name) => network.seatOf(name).node.stop()))

    for (const planted of [...values, ...keys, wrong]) expect(`${events} ${said} ${words}`).not.toContain(planted)
    expect(await filesOf(network, [wrong])).toEqual(NOWHERE)
    if (isEncrypted) expect(await filesOf(network, [...values, ...keys, shared])).toEqual(NOWHERE)
    else {
      expect(await filesOf(network, [...values, ...keys])).toEqual({ ...NOWHERE, lakeside: expect.toSatisfy((files: number) => files > 0) })
      for (const files of Object.values(await filesOf(network, [shared]))) expect(files).toBeGreaterThan(0)
    }
    for (const name of NAMES) expect(await secretsIn(network.seatOf(name).home)).toEqual(SECRETS_AT)
  })
})

/** Where a node's own secrets are, and nowhere else. */
const SECRETS_AT = { password: ['node.json'], storeKey: ['node.json'], keypair: ['config.toml', 'node.json'] }

async function secretsIn(home: string): Promise<Record<string, string[]>> {
  const { password, storeKey, identity } = readNodeHome(home) ?? raise(home)
  const places = Object.entries({ password, storeKey, keypair: identity.keypair }).map(
    async ([secret, text]) => [secret, (await filesWith(home, text)).map((file) => relative(home, file)).sort()] as const,
  )
  return Object.fromEntries(await Promise.all(places))
}

function raise(home: string): never {
  throw new TypeError(`There is no node in ${home}.`)
}
