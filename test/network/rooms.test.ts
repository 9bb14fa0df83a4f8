// Urgency, ranking, allocation and trials of three hospitals, each with a gateway and a real node of its own.
import { randomBytes, randomInt } from 'node:crypto'
import {
  type AllocationBoard,
  allocationBoardSchema,
  type CaseSummary,
  caseSummarySchema,
  casesSchema,
  hospitalTrialsSchema,
  invitationDraftSchema,
  invitationsSchema,
  invitedSchema,
  type RecordId,
  roundDetailSchema,
  roundOpenedSchema,
  trialCountOpenedSchema,
  trialMatchesSchema,
  trialsSchema,
} from '@medsync/protocol'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import * as z from 'zod'
import type { Person } from '../../scripts/demo/person.ts'
import { openStudy } from '../gateway/access-play.ts'
import { ILL, type Vitals, WELL } from '../gateway/urgency-play.ts'
import { filesWithAny } from './filesWith.ts'
import { describeNetwork, NAMES, PATIENTLY } from './networkStage.ts'
import { keepPerson, linkRecord, offerPlace, openCase } from './roomsPlay.ts'
import { type Hospital, type Name, type RoomsStage, raiseRooms } from './roomsStage.ts'

const STAFF: Record<Name, string> = {
  mercy: 'Mercy General, records office',
  lakeside: 'Lakeside, records office',
  stclare: 'St. Clare, records office',
}
/** Of 21 people in all, so that their count may be told. */
const PEOPLE = 7
/** Who waits where. Some are as ill as others elsewhere. */
const WAITING: Record<Name, readonly Vitals[]> = {
  mercy: [{ ...WELL, pulse: 95 }, ILL, WELL],
  lakeside: [
    { ...WELL, pulse: 95 },
    { ...ILL, systolic: 120 },
  ],
  stclare: [WELL, ILL, { ...WELL, rate: 22 }],
}
/** What a clinician sets for the first of Mercy, who is then the most urgent of all. */
const OVERRIDDEN = 97
const SCORE = `"score":${OVERRIDDEN}`

/** What stands in a hospital's records and cases. Random, so that no compression changes it, of letters that no encoding changes, and a number of so many digits that it is found again. */
const planted = () => ({
  mark: `planted${randomBytes(20).toString('hex')}`,
  systolic: Number(`15${randomInt(1, 9)}.${randomInt(1e8, 1e9)}1`),
})
const PLANTED = { mercy: planted(), lakeside: planted(), stclare: planted() }
/** What the hospitals tell each other, and nobody else: specialties, and the names of facilities and specialists. */
const TOLD = `planted-${randomBytes(12).toString('hex')}`
const [HEART, LAKE] = [`Dr Heart ${TOLD}`, `Dr Lake ${TOLD}`]

const SYSTOLIC = { coding: [{ system: 'http://loinc.org', code: '8480-6' }] }
const mmHg = (value: number) => ({ value, system: 'http://unitsofmeasure.org', code: 'mm[Hg]' })
/** Whose newest systolic pressure is high. */
const CRITERIA = {
  resourceType: 'Group',
  type: 'person',
  actual: false,
  characteristic: [{ code: SYSTOLIC, valueRange: { low: mmHg(140), high: mmHg(300) }, exclude: false }],
}

describeNetwork('the rooms of three hospitals on three real nodes', () => {
  let stage: RoomsStage
  const staff = {} as Record<Name, Person>
  const records = {} as Record<Name, RecordId[]>
  const waiting = {} as Record<Name, CaseSummary[]>

  beforeAll(async () => {
    const began = performance.now()
    stage = await raiseRooms()
    for (const name of NAMES) staff[name] = await stage.hospitals[name].signedIn(STAFF[name])
    console.info(`three nodes and gateways: ${Math.round(performance.now() - began)} ms`)
  }, 180_000)
  afterAll(() => stage?.stop(), 60_000)

  /** Each hospital does it, all at once. */
  const each = async <T>(work: (hospital: Hospital, person: Person) => Promise<T>): Promise<Record<Name, T>> => {
    const done = NAMES.map(async (name) => [name, await work(stage.hospitals[name], staff[name])] as const)
    return Object.fromEntries(await Promise.all(done)) as Record<Name, T>
  }
  const soon = <T>(look: () => Promise<T>): Promise<T> => vi.waitFor(look, { ...PATIENTLY, interval: 100 })
  const boardOf = (name: Name): Promise<AllocationBoard> => staff[name].ask('GET', '/hospital/allocation', allocationBoardSchema)
  const mine = (at: number): string => waiting.mercy[at]?.case ?? ''
  /** Waits until a case of Mercy is offered a place with somebody. */
  const offered = (at: number, specialistName: string) =>
    soon(async () => {
      const { state, place } = (await boardOf('mercy')).cases.find((one) => one.case === mine(at)) ?? {}
      expect({ state, place }).toMatchObject({ state: 'offered', place: { specialistName } })
      return { specialist: place?.specialist, fromS: place?.fromS }
    })

  test('cases with observations and notes are filed at each hospital and scored into its own vault', async () => {
    await each(async ({ name }, person) => {
      const { mark, systolic } = PLANTED[name]
      records[name] = []
      for (let n = 0; n < PEOPLE; n++) records[name].push(await keepPerson(person, `${name}-${n}`, { family: mark, systolic }))
      waiting[name] = []
      for (const [n, measured] of WAITING[name].entries())
        waiting[name].push(await openCase(person, records[name][n]!, { specialty: TOLD, measured, note: `Skin mottled ${mark}` }))
    })
    const override = { revision: waiting.mercy[0]?.revision, score: OVERRIDDEN, reason: `Because ${PLANTED.mercy.mark} says so.` }
    await staff.mercy.ask('POST', `/hospital/cases/${mine(0)}/override`, caseSummarySchema, override)
    await each(async ({ name, gateway: { circle } }) => {
      const { keys } = await circle.call(circle.seats[0]!, 'list_private', { space: 'scores', limit: 50 })
      expect(keys.toSorted()).toEqual(waiting[name].map((one) => `case/${one.case}`).toSorted())
    })
  })

  test('a ranking gives each hospital the ranks of its own cases, as the clear-text order has them', async () => {
    const { round } = await staff.lakeside.ask('POST', '/hospital/rounds/ranking', roundOpenedSchema, { slots: 50 })
    const ranked = await each((_, person) =>
      soon(async () => {
        const { items } = await person.ask('GET', '/hospital/cases', casesSchema)
        expect(items.map(({ rank }) => rank?.round)).toEqual(items.map(() => round))
        return items
      }),
    )
    const all = NAMES.flatMap((name) => ranked[name]).toSorted((one, other) => (one.rank?.rank ?? 0) - (other.rank?.rank ?? 0))
    const scores = all.map(({ score }) => score)
    expect(all.map(({ rank }) => rank?.rank)).toEqual(all.map((_, n) => n + 1))
    expect(scores).toEqual(scores.toSorted((one, other) => other - one))
    expect(all[0]).toMatchObject({ case: mine(0), score: OVERRIDDEN })
    expect(new Set(scores).size, 'some are as ill as others').toBeLessThan(all.length)
    const details = await each((_, person) =>
      soon(async () => {
        const detail = await person.ask('GET', `/hospital/rounds/${encodeURIComponent(round)}`, roundDetailSchema)
        expect(detail).toMatchObject({ state: 'closed', isConfirmed: true, tampered: [], result: { total: all.length } })
        return detail
      }),
    )
    expect(details.stclare.result).toEqual(details.mercy.result)
  })

  test('an allocation is published by rank and pseudonym; who declines an offer is offered another place', async () => {
    const offers = { mercy: [42.35, HEART], lakeside: [42.45, LAKE], stclare: [48, `Dr Far ${TOLD}`] } as const
    await each(({ name }, person) => {
      const [latitude, who] = offers[name]
      return offerPlace(person, {
        facility: `House ${TOLD}`,
        latitude,
        name: who,
        specialty: name === 'stclare' ? 'urology' : TOLD,
        inHours: 2,
      })
    })
    await soon(async () => expect((await boardOf('lakeside')).incoming).toHaveLength(1))
    const offer = await offered(0, HEART)
    const path = `/hospital/cases/${mine(0)}`
    await staff.mercy.ask('PUT', `${path}/moving`, z.undefined(), { facility: null, mayBeMoved: true, maxKm: 50 })
    await staff.mercy.ask('POST', `${path}/offer/decline`, z.undefined(), offer)
    const other = await offered(0, LAKE)
    await offered(1, HEART)
    await staff.mercy.ask('POST', `${path}/offer/acceptance`, z.undefined(), other)
    const boards = await each(({ name }) =>
      soon(async () => {
        const board = await boardOf(name)
        expect(board).toMatchObject({ isRunning: false, doubt: null })
        // Accepted, so not in the market any more.
        expect(board.published.map(({ rank }) => rank)).toEqual([2, 3, 4, 5, 6, 7, 8])
        return board
      }),
    )
    expect(boards.lakeside.incoming).toMatchObject([{ organisation: stage.hospitals.mercy.organisation, rank: 1, state: 'accepted' }])
    expect(boards.stclare.published).toEqual(boards.mercy.published)
    for (const one of boards.mercy.published) expect(Object.keys(one).toSorted()).toEqual(['isAllocated', 'pseudonym', 'rank'])
    expect(JSON.stringify(boards)).not.toMatch(/score/i)
  })

  test('a trial’s cohort is counted across the hospitals, and one invites a patient who may become part of it', async () => {
    const { mercy } = stage.hospitals
    const [office, patient] = [await mercy.signedIn('Northgate, researcher'), await mercy.signedIn('Patient 1')]
    const [record] = records.mercy
    await linkRecord(staff.mercy, patient, record!)
    const study = await openStudy(office)
    await soon(() => office.ask('PUT', `/research/trials/${study}`, z.unknown(), { criteria: CRITERIA }))
    await office.ask('POST', `/research/trials/${study}/counts`, trialCountOpenedSchema)
    await soon(async () => {
      const [trial] = (await office.ask('GET', '/research/trials', trialsSchema)).items
      expect(trial?.count).toMatchObject({ state: 'counted', people: NAMES.length * PEOPLE })
    })
    const elsewhere = await soon(async () => {
      const [asked] = (await staff.stclare.ask('GET', '/hospital/trials', hospitalTrialsSchema)).items
      expect(asked).toMatchObject({ study, details: null, words: [expect.stringContaining('8480-6')] })
      return await staff.stclare.ask('GET', `/hospital/trials/${study}/matches`, trialMatchesSchema)
    })
    expect(elsewhere.items.map((one) => one.record).toSorted()).toEqual(records.stclare.toSorted())
    const invite = { records: records.mercy }
    const { invited } = await staff.mercy.ask('POST', `/hospital/trials/${study}/invitations`, invitedSchema, invite)
    expect(invited).toEqual([record])
    const [invitation] = (await patient.ask('GET', '/patient/invitations', invitationsSchema)).items
    expect(invitation).toMatchObject({ study, state: 'open', hospital: mercy.organisation })
    const path = `/patient/invitations/${invitation?.invitation}/acceptance`
    const { terms } = await patient.ask('POST', path, invitationDraftSchema)
    expect(terms).toMatchObject({ custodian: mercy.organisation, categories: ['vitals'] })
  })

  test('what a hospital knows of its people is in no other’s files, in nobody’s log and in nothing that is shared', async () => {
    const { circle } = stage.hospitals.stclare.gateway
    const { entries } = await circle.ask('rounds', { limit: 200 })
    const messages = await Promise.all(
      entries.map(({ id, steps }) => Promise.all(steps.map(({ step }) => circle.ask('messages_for_me', { round: id, step })))),
    )
    const opened = messages.flat(2).map(({ sealed }) => Buffer.from(sealed, 'base64').toString('latin1'))
    expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['ranking', 'allocation', 'statistics']))
    await stage.rest()
    const said = [stage.circle.said(), ...NAMES.flatMap((name) => stage.hospitals[name].log), JSON.stringify(entries), ...opened].join('\n')
    const texts = [TOLD, ...NAMES.flatMap((name) => [PLANTED[name].mark, `${PLANTED[name].systolic}`])]
    expect(texts.filter((text) => said.includes(text))).toEqual([])
    expect(said).not.toContain('"score"')
    // A node's own files name its cases, so the search sees what is there.
    const keeperOf = new Map(NAMES.flatMap((name) => waiting[name].map((one) => [one.case as string, name] as const)))
    for (const name of NAMES) {
      const { folder, home } = stage.hospitals[name]
      const found = [...(await filesWithAny(folder, texts)), ...(await filesWithAny(home, [...texts, SCORE, ...keeperOf.keys()]))]
      const keepers = new Set(found.map(({ text }) => keeperOf.get(text)))
      expect({ name, keepers }).toEqual({ name, keepers: new Set([name]) })
    }
  })
})
