import {
  grantsSchema,
  hospitalTrialsSchema,
  invitationDraftSchema,
  invitationsSchema,
  invitedSchema,
  type StudyId,
  trialCountOpenedSchema,
  trialMatchesSchema,
  trialsSchema,
  uploadSchema,
} from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import type { Person } from '../../scripts/demo/person.ts'
import { enrol, grant, MERCY, NORTHGATE, openStudy } from './access-play.ts'
import { AccessStage, LABELS } from './access-stage.ts'
import { smallBundle } from './records-bundles.ts'
import { vitals } from './urgency-play.ts'

// The whole gateway on a chain: two hospitals with 12 people each of high pressure, some others, and a research office.
const NOW_S = Math.floor(Date.now() / 1_000)
const PATIENTLY = { timeout: 25_000, interval: 100 }
const UCUM = 'http://unitsofmeasure.org'
let stage: AccessStage
let mercy: Person
let stclare: Person
let northgate: Person
let alice: Person
let bob: Person
let study: StudyId
let own: string
let other: string

const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] })
const mmHg = (value: number) => ({ value, system: UCUM, code: 'mm[Hg]' })
const years = (value: number) => ({ value, system: UCUM, code: 'a' })
/** Adults whose newest systolic pressure is so high. */
const highPressure = (low: number) => ({
  resourceType: 'Group',
  type: 'person',
  actual: false,
  characteristic: [
    { code: loinc('30525-0'), valueRange: { low: years(18) }, exclude: false },
    { code: loinc('8480-6'), valueRange: { low: mmHg(low), high: mmHg(300) }, exclude: false },
  ],
})
const bundleOf = (mrn: string, systolic: number) => Buffer.from(JSON.stringify(smallBundle(mrn, vitals({ systolic }, NOW_S - 3_600))))

beforeAll(async () => {
  stage = await AccessStage.raise()
  mercy = await stage.signedIn(LABELS.mercy)
  stclare = await stage.signedIn(LABELS.stclare)
  northgate = await stage.signedIn(LABELS.northgate)
  alice = await stage.signedIn(LABELS.alice)
  bob = await stage.signedIn(LABELS.bob)
  own = await enrol(mercy, alice, bundleOf('alice', 151))
  other = await enrol(mercy, bob, bundleOf('bob', 110))
  for (let n = 0; n < 11; n++) {
    await mercy.upload('/hospital/bundles', uploadSchema, bundleOf(`m${n}`, 150 + n))
    await stclare.upload('/hospital/bundles', uploadSchema, bundleOf(`s${n}`, 160 + n))
  }
  study = await openStudy(northgate)
}, 120_000)
afterAll(async () => {
  await stage?.stop()
})

const trial = async () => (await northgate.ask('GET', '/research/trials', trialsSchema)).items[0]

/** Asks the hospitals to count, and waits for what comes of it. */
async function count(criteria: unknown) {
  await northgate.ask('PUT', `/research/trials/${study}`, z.unknown(), { criteria })
  const { round } = await northgate.ask('POST', `/research/trials/${study}/counts`, trialCountOpenedSchema)
  return await vi.waitFor(async () => {
    const counted = (await trial())?.count
    expect(counted).toMatchObject({ round, state: expect.not.stringMatching('counting') })
    return counted
  }, PATIENTLY)
}

describe('the research office', () => {
  test('keeps criteria with a study, and reads them in words', async () => {
    await vi.waitFor(() => northgate.ask('PUT', `/research/trials/${study}`, z.unknown(), { criteria: highPressure(140) }), PATIENTLY)
    expect(await trial()).toMatchObject({
      study,
      words: ['Needed: age at least 18 years', 'Needed: newest 8480-6 from 140 to 300 mm[Hg]'],
      count: null,
    })
  })

  test('learns how many patients of all hospitals meet them, and nothing of fewer than twenty', async () => {
    expect(await count(highPressure(165))).toMatchObject({ state: 'withheld', people: null })
    expect(await count(highPressure(140))).toMatchObject({ state: 'counted', people: 23 })
  })

  test('error: criteria that cannot be read, by the number of the characteristic', async () => {
    const broken = {
      ...highPressure(140),
      characteristic: [...highPressure(140).characteristic, { code: loinc('8480-6'), exclude: false }],
    }
    const refused = northgate.ask('PUT', `/research/trials/${study}`, z.unknown(), { criteria: broken })
    await expect(refused).rejects.toMatchObject({
      code: 'matching/criterion-unreadable',
      message: expect.stringContaining('characteristic 3'),
    })
    expect((await trial())?.words).toHaveLength(2)
  })

  test('error: another office’s study, and one without criteria', async () => {
    const harbour = await stage.signedIn(LABELS.harbour)
    const put = harbour.ask('PUT', `/research/trials/${study}`, z.unknown(), { criteria: highPressure(140) })
    await expect(put).rejects.toMatchObject({ code: 'input/not-found' })
    await expect(harbour.ask('POST', `/research/trials/${study}/counts`, z.unknown())).rejects.toMatchObject({ code: 'input/not-found' })
    await expect(mercy.ask('GET', '/research/trials', z.unknown())).rejects.toMatchObject({ code: 'auth/forbidden' })
  })
})

describe('a hospital', () => {
  test('sees which studies were asked about, and which of its own records meet the criteria, and why', async () => {
    const { items } = await mercy.ask('GET', '/hospital/trials', hospitalTrialsSchema)
    expect(items).toMatchObject([{ study, organisation: NORTHGATE, details: { title: 'Pulse and blood' } }])
    const { items: matches, totals } = await mercy.ask('GET', `/hospital/trials/${study}/matches`, trialMatchesSchema)
    expect(totals).toEqual({ met: 12, 'not-met': 1, unknown: 0 })
    expect(matches.find(({ record }) => record === own)).toMatchObject({
      verdict: 'met',
      isLinked: true,
      invitation: null,
      criteria: [{ verdict: 'met' }, { verdict: 'met', evidence: [{ found: '151 mm[Hg]', verdict: 'met' }] }],
    })
    expect(matches.at(-1)).toMatchObject({ record: other, verdict: 'not-met' })
    const elsewhere = await stclare.ask('GET', `/hospital/trials/${study}/matches`, trialMatchesSchema)
    expect(elsewhere.items.some(({ record }) => record === own)).toBe(false)
  })

  test('invites those who are linked and meet them, each once', async () => {
    const invite = () => mercy.ask('POST', `/hospital/trials/${study}/invitations`, invitedSchema, { records: [own, other] })
    expect(await invite()).toEqual({ invited: [own], left: [other] })
    expect(await invite()).toEqual({ invited: [], left: [own, other] })
    const { items } = await mercy.ask('GET', `/hospital/trials/${study}/matches`, trialMatchesSchema)
    expect(items.find(({ record }) => record === own)?.invitation).toBe('open')
  })

  test('error: another hospital’s record, and a study nobody asked about', async () => {
    const foreign = stclare.ask('POST', `/hospital/trials/${study}/invitations`, z.unknown(), { records: [own] })
    await expect(foreign).rejects.toMatchObject({ code: 'record/other-hospital' })
    await expect(mercy.ask('GET', '/hospital/trials/999/matches', z.unknown())).rejects.toMatchObject({ code: 'input/not-found' })
    await expect(mercy.ask('GET', '/hospital/trials/x/matches', z.unknown())).rejects.toMatchObject({ code: 'input/invalid' })
  })
})

describe('a patient', () => {
  const invitations = async (person: Person) => (await person.ask('GET', '/patient/invitations', invitationsSchema)).items

  test('who was not invited has no invitations, and may not answer another’s', async () => {
    expect(await invitations(bob)).toEqual([])
    const [invited] = await invitations(alice)
    expect(invited).toMatchObject({ study, hospital: MERCY, organisation: NORTHGATE, state: 'open', details: { categories: ['vitals'] } })
    for (const answer of ['acceptance', 'decline']) {
      const tried = bob.ask('POST', `/patient/invitations/${invited?.invitation}/${answer}`, z.unknown())
      await expect(tried).rejects.toMatchObject({ code: 'input/not-found' })
    }
  })

  test('declines, and nobody is told but the hospital; while the study runs the way to a yes stays open', async () => {
    const [invited] = await invitations(alice)
    const decline = () => alice.ask('POST', `/patient/invitations/${invited?.invitation}/decline`, z.unknown())
    await decline()
    await decline()
    expect(await invitations(alice)).toMatchObject([{ state: 'declined' }])
    const { items } = await mercy.ask('GET', `/hospital/trials/${study}/matches`, trialMatchesSchema)
    expect(items.find(({ record }) => record === own)?.invitation).toBe('declined')
    expect(await mercy.ask('POST', `/hospital/trials/${study}/invitations`, invitedSchema, { records: [own] })).toEqual({
      invited: [],
      left: [own],
    })
    expect((await northgate.ask('GET', '/research/consents', grantsSchema)).items).toEqual([])
  })

  test('accepts after all: looks at the consent, grants it, and the office may ask', async () => {
    const [invited] = await invitations(alice)
    const path = `/patient/invitations/${invited?.invitation}`
    const { terms } = await alice.ask('POST', `${path}/acceptance`, invitationDraftSchema)
    expect(terms).toMatchObject({ grantee: NORTHGATE, purposes: ['CLINTRCH'], categories: ['vitals'], custodian: MERCY, sensitivities: [] })
    const other = alice.ask('POST', `${path}/consent`, z.unknown(), { commitment: '0x1' })
    await expect(other).rejects.toMatchObject({ code: 'trial/no-consent' })
    const { commitment } = await grant(alice, terms)
    await vi.waitFor(() => alice.ask('POST', `${path}/consent`, z.unknown(), { commitment }), PATIENTLY)
    expect((await invitations(alice))[0]).toMatchObject({ state: 'accepted' })
    const { items } = await northgate.ask('GET', '/research/consents', grantsSchema)
    expect(items).toMatchObject([{ commitment, patient: alice.address, hospitals: [MERCY] }])
    await expect(alice.ask('POST', `${path}/decline`, z.unknown())).rejects.toMatchObject({ code: 'trial/answered' })
  })
})

test('nothing of a record, and not who meets the criteria, is in the circle or the log', async () => {
  const { entries } = await stage.gateway.circle.ask('rounds', { limit: 100 })
  for (const planted of [own, other, alice.address, 'Zanzibarova']) expect(JSON.stringify(entries)).not.toContain(planted)
  for (const planted of ['Zanzibarova', '151 mm', 'not-met']) expect(stage.log.join('\n')).not.toContain(planted)
})
