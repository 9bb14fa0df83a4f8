import type { ContextEngine, ContextEvent } from '@medsync/context/engine'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { failureOf } from './engineStage.ts'

/** Names of the engine's members in the suite; the third is not admitted to the circle. */
export const HOSPITALS = { mercy: '0x1', lakeside: '0x2', stclare: '0x3' } as const

/** An engine on which MedSync's app was initialised by mercy. */
export type Circle = {
  readonly engine: ContextEngine
  /** All that was logged so far, by whatever runs the app. */
  said(): string
  close(): Promise<void>
}

const KEY = Buffer.alloc(32, 9).toString('base64')
const PATIENT = '0x7a11'
const RECORD = '3f1c2d1e-8f59-4d3a-9d35-1f6f7e0c0001'

/** Arguments that must be refused; a value called `marked` or 5550101 must be in no words. */
const bad: [what: string, member: string, method: string, args: Record<string, unknown>, failure: string][] = [
  ['an unknown method', 'mercy', 'nothing_like_it', {}, 'MethodUnknownError'],
  ['a caller that is unknown here', 'nobody', 'whoami', {}, 'UnknownMemberError'],
  ['a number for a text', 'mercy', 'put_catalogue_entry', { record: 5_550_101, patient: PATIENT }, 'ArgumentError'],
  ['a text for a number', 'mercy', 'catalogue_page', { after: null, limit: 'marked' }, 'ArgumentError'],
  ['an argument too few', 'mercy', 'put_catalogue_entry', { record: RECORD }, 'ArgumentError'],
  ['an argument too many', 'mercy', 'put_catalogue_entry', { record: RECORD, patient: PATIENT, marked: 1 }, 'ArgumentError'],
  ['arguments where there are none', 'mercy', 'whoami', { marked: 1 }, 'ArgumentError'],
  ['arguments that are no JSON', 'mercy', 'put_catalogue_entry', { record: 1n, patient: PATIENT }, 'ArgumentError'],
  ['a malformed patient', 'mercy', 'put_catalogue_entry', { record: RECORD, patient: 'marked' }, '(put_catalogue_entry: BadInput)'],
  [
    'a hospital that was not admitted',
    'stclare',
    'put_catalogue_entry',
    { record: RECORD, patient: PATIENT },
    '(put_catalogue_entry: NotAMember)',
  ],
  [
    'admission by somebody who is not the keeper',
    'lakeside',
    'admit_member',
    { executor: '5'.repeat(64), organisation: '0x9', kind: 'hospital', encryption_key_base64: KEY },
    '(admit_member: NotTheKeeper)',
  ],
  ['a private value above 1 MiB', 'mercy', 'put_private', privateValue(1_048_577), '(put_private: TooLarge)'],
  ['a private value above what a node takes as one request', 'mercy', 'put_private', privateValue(2_097_152), 'LimitError'],
]

function privateValue(sizeBytes: number): Record<string, unknown> {
  return { space: 'records', key: 'k', value_base64: Buffer.alloc(sizeBytes).toString('base64') }
}

/** How long to wait for what one member wrote to be at the others: on one machine it is there at once. */
export type Patience = { readonly timeout: number; readonly interval: number }

/**
 * What MedSync's app does on any engine. One circle serves all tests, since making one of real nodes takes seconds; what one member
 * wrote is waited for at the others.
 */
export function engineSuite(name: string, makeCircle: () => Promise<Circle>, patience: Patience = { timeout: 1_000, interval: 50 }): void {
  describe(name, () => {
    let circle: Circle
    let engine: ContextEngine
    beforeAll(async () => {
      circle = await makeCircle()
      engine = circle.engine
      const executor = engine.members.find((member) => member.name === 'lakeside')?.executor
      await engine.call('mercy', 'admit_member', {
        executor,
        organisation: HOSPITALS.lakeside,
        kind: 'hospital',
        encryption_key_base64: KEY,
      })
      const whoami = () => engine.call('lakeside', 'whoami', {})
      await vi.waitFor(async () => expect(await whoami()).toMatchObject({ executor, is_member: true }), patience)
      await engine.call('mercy', 'put_catalogue_entry', { record: RECORD, patient: PATIENT })
    })

    afterAll(() => circle?.close())

    function catalogueAt(member: string): Promise<unknown> {
      return engine.call(member, 'catalogue_of', { patient: PATIENT, after: null, limit: null })
    }

    test('each member is who its key says, and one alone is the keeper', async () => {
      for (const { name: member, executor } of engine.members) {
        expect(await engine.call(member, 'whoami', {})).toMatchObject({ executor, is_keeper: member === 'mercy' })
      }
    })

    test('a record that one hospital lists, the other finds', async () => {
      const held_by = engine.members.find((member) => member.name === 'mercy')?.executor
      await expect.poll(() => catalogueAt('lakeside'), patience).toMatchObject({ entries: [{ record: RECORD, patient: PATIENT, held_by }] })
    })

    test.each(bad)(
      'error: %s is refused with its reason and without its value, and changes nothing',
      async (_what, member, method, args, failure) => {
        const before = await catalogueAt('mercy')
        const said = await failureOf(engine.call(member, method, args))
        expect(said).toContain(failure)
        expect(`${said} ${circle.said()}`).not.toMatch(/marked|5550101/)
        expect(await catalogueAt('mercy')).toEqual(before)
      },
    )

    test('error: a circle is not initialised twice', async () => {
      const before = await catalogueAt('mercy')
      const again = engine.initialise('lakeside', { admin_organisation: HOSPITALS.lakeside, kind: 'hospital' })
      expect(await failureOf(again)).toContain('AlreadyInitialisedError')
      expect(await catalogueAt('mercy')).toEqual(before)
    })

    test('error: terms that contradict earlier ones are refused; the same ones again change nothing', async () => {
      const parties = [{ label: 'c3'.repeat(32), sealed: KEY }]
      const terms = { commitment: '0x51', patient_tag: 'tag', parties, nonce: KEY, replaces: null, filed_at_s: 1_000 }
      expect(await engine.call('mercy', 'file_terms', terms)).toBe(true)
      expect(await engine.call('mercy', 'file_terms', terms)).toBe(false)
      const filed = await engine.call('mercy', 'terms_by_commitment', { commitment: '0x51' })
      const other = engine.call('mercy', 'file_terms', { ...terms, patient_tag: 'another' })
      await expect(other).rejects.toMatchObject({ name: 'ApplicationError', kind: 'TermsConflict', data: { commitment: '0x51' } })
      await expect.poll(() => engine.call('lakeside', 'terms_by_commitment', { commitment: '0x51' }), patience).toEqual(filed)
    })

    test('what one hospital keeps in private, it alone gets', async () => {
      const value_base64 = Buffer.from('of mercy').toString('base64')
      await engine.call('mercy', 'put_private', { space: 'scores', key: 'own', value_base64 })
      expect(await engine.call('mercy', 'get_private', { space: 'scores', key: 'own' })).toBe(value_base64)
      expect(await engine.call('lakeside', 'get_private', { space: 'scores', key: 'own' })).toBeNull()
    })

    test('events tell of a change by its ids, and of nothing that was refused', async () => {
      const told: ContextEvent[] = []
      const stop = new AbortController()
      const reading = (async () => {
        for await (const event of engine.events({ signal: stop.signal })) told.push(event)
      })()
      await failureOf(engine.call('mercy', 'put_catalogue_entry', { record: 'refused', patient: 'marked' }))
      await engine.call('mercy', 'put_catalogue_entry', { record: 'told', patient: PATIENT })
      const executor = engine.members.find((member) => member.name === 'mercy')?.executor
      await expect
        .poll(() => told, patience)
        .toContainEqual({ id: expect.any(String), kind: 'RecordListed', data: { record: 'told', executor } })
      stop.abort()
      await reading
      expect(JSON.stringify(told)).not.toMatch(/refused|marked|7a11/)
    })
  })
}
