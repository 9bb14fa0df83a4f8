import { readFile } from 'node:fs/promises'
import { callApp } from '@medsync/context/app'
import { circleSchema, readySchema } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hostileApp } from '../../scripts/app/hostileApp.ts'
import { plantHostileApp } from '../../scripts/app/plantHostileApp.ts'
import type { Person } from '../../scripts/demo/person.ts'
import { callAround } from './callAround.ts'
import { describeNetwork, nodeBinary } from './networkStage.ts'
import { newTermsOn } from './newTermsOn.fixture.ts'
import { type RoomsStage, raiseRooms } from './roomsStage.ts'
import { untilEqual } from './untilEqual.ts'

const WITHIN = { timeout: 60_000, interval: 500 }
const PRIVATE = { space: 'scores', key: 'case/kept', value_base64: Buffer.from('stays here').toString('base64') }

const hostile = nodeBinary === '' ? undefined : await hostileApp()
if (nodeBinary !== '' && hostile === undefined)
  console.warn('There is no cargo here to compile what makes a copy differ: nothing is repaired.')
const describeHostile = hostile === undefined ? describe.skip : describeNetwork

describeHostile('a node whose copy of the shared state differs', () => {
  let stage: RoomsStage
  let staff: Person
  beforeAll(async () => {
    stage = await raiseRooms()
    staff = await stage.hospitals.stclare.signedIn('St. Clare, records office')
  }, 180_000)
  afterAll(() => stage?.stop(), 60_000)

  const stateAt = (name: 'mercy' | 'lakeside' | 'stclare') => stage.hospitals[name].gateway.nodeWatch.worst()?.state
  const logOf = (name: 'mercy' | 'lakeside' | 'stclare'): string => stage.hospitals[name].log.join('')

  test('nodes in step say so: to staff on the network’s page, to anybody in a word on /ready', async () => {
    for (const name of ['mercy', 'lakeside', 'stclare'] as const) await vi.waitFor(() => expect(stateAt(name)).toBe('in-step'), WITHIN)
    const { nodes } = await staff.ask('GET', '/hospital/circle', circleSchema)
    expect(nodes).toMatchObject([{ organisation: stage.hospitals.stclare.organisation, state: 'in-step', repair: null }])
    const ready = await fetch(new URL('/ready', stage.hospitals.stclare.gateway.env.PUBLIC_ORIGIN))
    expect(readySchema.parse(await ready.json())).toMatchObject({ status: 'ready', network: { state: 'in-step' } })
  })

  test('its gateway notices, has the copy replaced and its own entries filed again, within a minute; what is private stays', async () => {
    const { engine, ids, seatOf } = stage.circle
    const { gateway } = stage.hospitals.stclare
    const [own, theirs] = [newTermsOn(gateway.deployment), newTermsOn(gateway.deployment)]
    await gateway.context.fileTerms(own)
    await stage.hospitals.mercy.gateway.context.fileTerms(theirs)
    const commitment = theirs.commitment
    await vi.waitFor(async () => expect(await callApp(engine, 'stclare', 'terms_by_commitment', { commitment })).toHaveLength(1), WITHIN)
    await callApp(engine, 'stclare', 'put_private', PRIVATE)
    const seat = seatOf('stclare')
    await seat.node.stop()
    await plantHostileApp(seat.home, await readFile(hostile ?? ''))
    await seat.restart()
    await vi.waitFor(() => expect(stateAt('stclare')).toBe('in-step'), WITHIN)
    const filed_by = engine.members.find(({ name }) => name === 'mercy')?.executor
    expect(await callAround(seat, ids.contextId, 'forge_terms_entry', { commitment, filed_by, claiming: 'owner' })).toBe(true)
    const forgedAt = Date.now()

    await vi.waitFor(() => expect(logOf('stclare')).toContain('"step":"replace-copy"'), WITHIN)
    await untilEqual(engine, ['mercy', 'lakeside', 'stclare'])
    expect(Date.now() - forgedAt).toBeLessThan(60_000)
    await vi.waitFor(() => expect(stateAt('stclare')).toBe('in-step'), WITHIN)
    expect(logOf('stclare')).toContain('"step":"file-again"')
    expect(await callApp(engine, 'stclare', 'terms_by_commitment', { commitment: '0xf0f0' })).toEqual([])
    for (const name of ['mercy', 'stclare'])
      for (const { commitment: filed } of [own, theirs])
        expect(await callApp(engine, name, 'terms_by_commitment', { commitment: filed })).toHaveLength(1)
    expect(await callApp(engine, 'stclare', 'get_private', { space: PRIVATE.space, key: PRIVATE.key })).toBe(PRIVATE.value_base64)
  }, 240_000)

  test('error: one node that differs has no other node’s copy replaced', () => {
    for (const name of ['mercy', 'lakeside'] as const) expect(logOf(name)).not.toContain('replace-copy')
  })
})
