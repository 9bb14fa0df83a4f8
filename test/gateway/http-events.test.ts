import { liveEventSchema, slugToOrganisationId } from '@medsync/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Client, LABELS, type RecordsStage, raiseRecords } from './records-stage.ts'

let stage: RecordsStage
let patient: Client
let mercy: Client

beforeAll(async () => {
  stage = await raiseRecords({ salt: '0x6576656e7473' })
})
afterAll(() => stage.stop())
beforeEach(async () => {
  patient = await stage.signIn(LABELS.patient)
  mercy = await stage.signIn(LABELS.mercy)
})

/** An open stream and what it has said so far. */
type Listening = { lines: string[]; ids(): string[]; events(): string[]; isOver(): boolean; leave(): void }

async function listen(client: Client, headers: Record<string, string> = {}): Promise<Listening> {
  const ended = new AbortController()
  const answer = await client.send('/events', { headers, signal: ended.signal })
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
    200,
    'text/event-stream',
    'no-store',
  ])
  const lines: string[] = []
  let isOver = false
  const read = async (): Promise<void> => {
    for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) lines.push(...text.split('\n'))
    isOver = true
  }
  void read().catch(() => {
    isOver = true
  })
  await expect.poll(() => lines.includes(': connected')).toBe(true)
  const after = (prefix: string): string[] => lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length))
  return {
    lines,
    ids: () => after('id: '),
    events: () => after('data: ').map((data) => JSON.stringify(liveEventSchema.parse(JSON.parse(data)))),
    isOver: () => isOver,
    leave: () => ended.abort(),
  }
}

const linked = (digit: number) => ({ type: 'record.linked', record: `00000000-0000-4000-8000-00000000000${digit}` }) as const

function publish(audience: Parameters<RecordsStage['gateway']['events']['publish']>[0]['audience'], digit: number): string {
  const event = liveEventSchema.parse(linked(digit))
  stage.gateway.events.publish({ audience, event })
  return JSON.stringify(event)
}

describe('live events', () => {
  test('reach their audience and nobody else', async () => {
    const [asPatient, asMercy] = [await listen(patient), await listen(mercy)]
    const own = publish({ account: patient.session.account }, 1)
    publish({ account: stage.account(LABELS.otherPatient).address }, 2)
    const ofMercy = publish({ organisation: slugToOrganisationId('mercy') }, 3)
    publish({ organisation: slugToOrganisationId('stclare') }, 4)
    const forAll = publish('all', 5)
    await expect.poll(() => asMercy.events()).toEqual([ofMercy, forAll])
    await expect.poll(() => asPatient.events()).toEqual([own, forAll])
    asPatient.leave()
    asMercy.leave()
  })

  test('a stream that comes back hears what it missed, once', async () => {
    const first = await listen(patient)
    const one = publish('all', 1)
    await expect.poll(() => first.events()).toEqual([one])
    const lastId = first.ids().at(-1) ?? ''
    first.leave()
    const two = publish({ account: patient.session.account }, 2)
    publish({ account: stage.account(LABELS.otherPatient).address }, 3)
    const again = await listen(patient, { 'last-event-id': lastId })
    const four = publish('all', 4)
    await expect.poll(() => again.events()).toEqual([two, four])
    again.leave()
  })

  test('a stream that never heard an event can resume from its beginning', async () => {
    const first = await listen(patient)
    const lastId = first.ids()[0] ?? ''
    first.leave()
    const one = publish('all', 6)
    const again = await listen(patient, { 'last-event-id': lastId })
    await expect.poll(() => again.events()).toEqual([one])
    again.leave()
  })

  test.each(['some-other-life', 'abc-1', '', 'x'.repeat(40)])(
    'a stream that was away too long is told to load again (%s)',
    async (lastId) => {
      const stream = await listen(patient, { 'last-event-id': lastId })
      await expect.poll(() => stream.events()).toEqual(['{"type":"stream.gap"}'])
      stream.leave()
    },
  )

  test('an operator who is suspended hears nothing more', async () => {
    const stream = await listen(mercy)
    const heard = publish({ organisation: slugToOrganisationId('mercy') }, 1)
    await expect.poll(() => stream.events()).toEqual([heard])
    await stage.governance.suspend('mercy')
    publish({ organisation: slugToOrganisationId('mercy') }, 2)
    await stage.governance.reinstate('mercy')
    const later = publish({ organisation: slugToOrganisationId('mercy') }, 3)
    await expect.poll(() => stream.events()).toEqual([heard, later])
    stream.leave()
  })

  test('ends when the token does', async () => {
    stage.pass(598)
    const stream = await listen(patient)
    await expect.poll(() => stream.isOver(), { timeout: 5_000 }).toBe(true)
  })

  test('error: nobody without a token, and not more than ten streams an account', async () => {
    expect((await fetch(`${stage.origin}/api/events`)).status).toBe(401)
    const streams = await Promise.all(Array.from({ length: 10 }, () => listen(patient)))
    expect(await patient.json('GET', '/events')).toMatchObject({ status: 429, body: { code: 'rate/too-many' } })
    for (const stream of streams) stream.leave()
    await expect.poll(async () => (await listen(patient)).leave()).toBe(undefined)
  })
})
