import { setTimeout as sleep } from 'node:timers/promises'
import type { RoundView } from '@medsync/context/app'
import { ApplicationError } from '@medsync/context/engine'
import { slugToOrganisationId } from '@medsync/protocol'
import { URGENCY_VERSION } from '@medsync/protocol/urgency'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../services/gateway/src/clock.ts'
import type { Circle } from '../../services/gateway/src/context/circle.ts'
import { hpke } from '../../services/gateway/src/keys/hpke.ts'
import { writeEnvelope } from '../../services/gateway/src/rounds/envelope.ts'
import { RoundBoard } from '../../services/gateway/src/rounds/roundBoard.ts'
import { RoundMemory } from '../../services/gateway/src/rounds/roundMemory.ts'
import { RoundsHistory } from '../../services/gateway/src/rounds/roundsHistory.ts'
import { BY, casesOf, HOSPITALS, handClock, peopleOf, RANGE, type RoundsStage, raiseRounds, systolic } from './rounds-stage.ts'

// What a hostile member of the circle tries with rounds that no gateway of ours would open, or with an opener's own code.
const MEAN = systolic({ kind: 'mean', range: RANGE })
const COUNTS_STEP = 6
const VALUES_STEP = 7
let stage: RoundsStage
afterEach(() => stage?.stop())

/** Opens a round around our gateways. */
async function openBare(
  circle: Circle,
  round: { kind: string; parties: readonly string[]; threshold: number; parameters: string; deadline_s?: number },
) {
  const opening = { id: crypto.randomUUID().slice(0, 18), deadline_s: systemClock.nowS() + 600, ...round }
  return await circle.call(circle.seats[0]!, 'open_round', opening)
}

test('error: an opener that goes on after a cohort was withheld is told no values', async () => {
  const slugs = HOSPITALS.slice(0, 3)
  stage = await raiseRounds(slugs)
  stage.people.set('lakeside', peopleOf([123.4]))
  const mercy = await stage.gateway(['mercy'], {}, (method, args) => (method === 'close_round' ? undefined : args))
  await stage.gateway(['lakeside', 'stclare'])
  const seat = mercy.seat('mercy')
  const id = await mercy.rounds.openStatistics(seat, MEAN, BY)
  const me = await mercy.circle.executorOf(seat)
  const board = new RoundBoard({ circle: mercy.circle, seat, me, round: id })
  await expect.poll(async () => (await board.read(COUNTS_STEP, 1)).size, { timeout: 20_000 }).toBe(3)
  const posted = await board.read(COUNTS_STEP, 1)
  const counted = [...posted]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([party, { digest }]): [string, string] => [party, digest])
  const bytes = writeEnvelope({ v: 1, sealed: {}, closing: { counted }, transcript: '0'.repeat(64), body: {} })
  const messages = [{ to: null, sealed: Buffer.from(bytes).toString('base64') }]
  await mercy.circle.call(seat, 'contribute', { round: id, step: VALUES_STEP, messages })
  await sleep(2_000)
  expect([...(await board.read(VALUES_STEP, 1)).keys()]).toEqual([me])
})

test('error: rounds that are none keep nobody from theirs, whatever stands in them', async () => {
  const slugs = HOSPITALS.slice(0, 4)
  stage = await raiseRounds(slugs)
  for (const slug of slugs) {
    stage.people.set(slug, peopleOf(Array<number>(15).fill(120)))
    stage.cases.set(slug, casesOf(slug, [10, 20]))
  }
  const ours = await stage.gateway(slugs.slice(0, 3))
  const evil = stage.circleOf(['northgate'])
  const seat = evil.seats[0]!
  const me = await evil.executorOf(seat)
  const nested = '['.repeat(20_000) + ']'.repeat(20_000)
  const told = '0'.repeat(64)
  const narrow = systolic({ kind: 'mean', range: { min: 0, max: 1, decimals: 0 } })
  const deep = `{"v":1,"stepS":60,"asOfS":1,"told":"${told}","question":{"field":{"kind":"study","study":"s","criteria":${nested}},"measure":{"kind":"count"},"cohort":{}}}`
  for (const parameters of [
    JSON.stringify({ v: 1, stepS: 60, asOfS: 1, question: narrow, told }),
    JSON.stringify({ v: 1, stepS: 60, asOfS: 1, question: { ...MEAN, cohort: { gender: [11] } }, told }),
    deep,
  ]) {
    const round = await openBare(evil, { kind: 'statistics', parties: [me], threshold: 1, parameters })
    await evil.call(seat, 'contribute', { round, step: VALUES_STEP, messages: [] })
    await evil.call(seat, 'close_round', {
      id: round,
      result: JSON.stringify({ result: { kind: 'mean', cohort: 5_000, value: 0.5 }, tampered: [] }),
    })
  }
  for (const kind of ['statistics', 'ranking'])
    await openBare(evil, { kind, parties: [me], threshold: 1, parameters: 'null', deadline_s: 9_000_000_000 })
  await stage.gateway(['northgate'])
  const statistics = await ours.rounds.openStatistics(ours.seat('mercy'), MEAN, BY)
  expect(await ours.ended('mercy', statistics)).toMatchObject({ state: 'closed', result: { kind: 'mean', cohort: 60, value: 120 } })
  const ranking = await ours.rounds.openRanking(ours.seat('mercy'), BY, 50)
  expect(await ours.ended('mercy', ranking)).toMatchObject({ state: 'closed', result: { kind: 'ranking', total: 8 } })
})

test('error: rounds of some hospitals only, or with a threshold of the opener’s liking, are given up', async () => {
  const slugs = HOSPITALS
  stage = await raiseRounds(slugs)
  const ours = await stage.gateway(slugs, { stepS: 2 })
  const parties = await Promise.all(slugs.map((slug) => ours.circle.executorOf(ours.seat(slug))))
  const parameters = JSON.stringify({ v: 1, stepS: 2, slots: 50, rules: URGENCY_VERSION })
  for (const round of [
    { parties: parties.slice(0, 4), threshold: 2 },
    { parties, threshold: 3 },
  ]) {
    const id = await openBare(ours.circle, { kind: 'ranking', parameters, ...round })
    expect(await ours.ended('mercy', id)).toMatchObject({ state: 'aborted', reason: { code: 'rounds/unfit' } })
  }
})

describe('what one question tells is known before the next is answered', () => {
  const SUM = systolic({ kind: 'sum', range: RANGE })
  /** All but the one person who is a hundred years old. */
  const LESS = { ...SUM, cohort: { ageDecade: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11] } }
  const SLUGS = HOSPITALS.slice(0, 3)
  const OLDEST = { value: 187.5, ageDecade: 10, gender: 0, enteredS: 0 }
  function fill(): void {
    for (const slug of SLUGS) stage.people.set(slug, peopleOf(Array<number>(15).fill(120)))
    stage.people.set('lakeside', [...peopleOf(Array<number>(15).fill(120)), OLDEST])
  }

  test('error: a hospital is in one statistics round at a time, though the open one is hidden behind others, and another claims its place', async () => {
    stage = await raiseRounds(SLUGS)
    fill()
    let first = ''
    const isHeld = (args: object) => 'round' in args && args.round === first && 'step' in args && Number(args.step) >= 2
    const mercy = await stage.gateway(['mercy'], {}, (method, args) =>
      method === 'contribute' && isHeld(args as object) ? undefined : args,
    )
    const others = await stage.gateway(['lakeside', 'stclare'])
    const seat = mercy.seat('mercy')
    const me = await mercy.circle.executorOf(seat)
    first = await mercy.rounds.openStatistics(seat, SUM, BY)
    await expect
      .poll(async () => (await others.rounds.get(others.seat('lakeside'), first)).steps.at(-1)?.name, { timeout: 20_000 })
      .toBe('deal')
    for (let n = 0; n < 17; n++) {
      const id = await openBare(mercy.circle, { kind: 'x', parties: [me], threshold: 1, parameters: '{}' })
      await mercy.circle.call(seat, 'abort_round', { id, reason: '' })
    }
    const { parties, parameters } = await mercy.circle.call(seat, 'round', { id: first })
    const other = JSON.stringify({ ...JSON.parse(parameters), question: LESS })
    const second = await openBare(mercy.circle, { kind: 'statistics', parties, threshold: 2, parameters: other })
    await sleep(3_000)
    const said = (await mercy.circle.call(seat, 'round', { id: second })).steps.flatMap(({ contributed }) => contributed)
    expect(said.filter((party) => party !== me)).toEqual([])
  })

  test('error: values that were sent are remembered, though the one who gave the round up counted nothing', async () => {
    stage = await raiseRounds(SLUGS)
    fill()
    // What a build of the app that counts nothing leaves behind.
    stage.see((view) => (view.state === 'aborted' ? { ...view, steps: [] } : view))
    const mercy = await stage.gateway(['mercy'], {}, (method, args) => (method === 'close_round' ? undefined : args))
    const ours = await stage.gateway(['lakeside', 'stclare'])
    const seat = mercy.seat('mercy')
    const me = await mercy.circle.executorOf(seat)
    const sent = async (round: string) => (await new RoundBoard({ circle: mercy.circle, seat, me, round }).read(VALUES_STEP, 1)).size
    const id = await mercy.rounds.openStatistics(seat, SUM, BY)
    await expect.poll(() => sent(id), { timeout: 20_000 }).toBe(3)
    await mercy.circle.call(seat, 'abort_round', { id, reason: '' })
    const second = await ours.rounds.openStatistics(ours.seat('stclare'), LESS, BY)
    expect(await ours.ended('stclare', second)).toMatchObject({ state: 'closed', result: { kind: 'withheld', why: 'small-group' } })
    expect(await sent(second)).toBe(0)
  })

  test.each([
    ['withheld although it was told', SUM, { kind: 'withheld', why: 'small-cohort' }, LESS, { kind: 'withheld', why: 'small-group' }],
    ['told although it was withheld', { ...SUM, cohort: { ageDecade: [10] } }, { kind: 'sum', cohort: 25, value: 1 }, SUM, { cohort: 46 }],
  ])('error: an opener’s false word, %s, is shown to nobody and remembered by nobody', async (_, asked, stated, next, expected) => {
    stage = await raiseRounds(SLUGS)
    fill()
    const lie = (args: unknown) => ({ ...(args as object), result: JSON.stringify({ result: stated, tampered: [] }) })
    const mercy = await stage.gateway(['mercy'], {}, (method, args) => (method === 'close_round' ? lie(args) : args))
    const ours = await stage.gateway(['lakeside', 'stclare'])
    const id = await mercy.rounds.openStatistics(mercy.seat('mercy'), asked, BY)
    expect(await ours.ended('lakeside', id)).toMatchObject({ state: 'closed', isConfirmed: false, result: null })
    const second = await ours.rounds.openStatistics(ours.seat('lakeside'), next, BY)
    // Mercy’s word is false again, if it has one: it is not the opener now.
    expect(await ours.ended('stclare', second)).toMatchObject({ state: 'closed', result: expected })
    const third = await ours.rounds.openStatistics(ours.seat('lakeside'), LESS, BY)
    expect(await ours.ended('stclare', third)).toMatchObject({ result: { kind: 'withheld', why: 'small-group' } })
  })

  test('one who came since the last answer is in none of the same time, and one of now is withheld until twenty came', async () => {
    stage = await raiseRounds(SLUGS)
    fill()
    const clock = handClock()
    const ours = await stage.gateway(SLUGS, { clock })
    const ask = async (asOf: 'last' | 'now') => {
      const { result } = await ours.ended('lakeside', await ours.rounds.openStatistics(ours.seat('mercy'), SUM, BY, asOf))
      return result
    }
    expect(await ask('last')).toMatchObject({ cohort: 46 })
    clock.move(60)
    const come = (people: number) => {
      const later = Array.from({ length: people }, () => ({ value: 99, ageDecade: 5, gender: 0, enteredS: clock.nowS() - 30 }))
      stage.people.set('stclare', [...peopleOf(Array<number>(15).fill(120)), ...later])
    }
    come(1)
    expect(await ask('last')).toMatchObject({ cohort: 46 })
    expect(await ask('now')).toEqual({ kind: 'withheld', why: 'small-group' })
    come(20)
    expect(await ask('now')).toMatchObject({ cohort: 66 })
    expect(await ask('last')).toMatchObject({ cohort: 66 })
  })
})

describe('who takes part', () => {
  test('error: a member under another hospital’s name and public key joins, and is dealt nothing', async () => {
    stage = await raiseRounds(['mercy', 'lakeside', 'northgate'])
    stage.cases.set('lakeside', casesOf('lakeside', [13, 42, 99]))
    const gateway = await stage.gateway(['mercy', 'northgate'])
    const ours = await stage.gateway(['lakeside'])
    const { publicKey } = await hpke.kem.generateKeyPair()
    const key = Buffer.from(await hpke.kem.serializePublicKey(publicKey)).toString('base64')
    const executor = await gateway.circle.executorOf(gateway.seat('northgate'))
    const stclare = slugToOrganisationId('stclare')
    await gateway.circle.call(gateway.seat('mercy'), 'admit_member', {
      executor,
      organisation: stclare,
      kind: 'hospital',
      encryption_key_base64: key,
    })
    gateway.circle.forgetMembers()
    ours.circle.forgetMembers()
    const id = await gateway.rounds.openRanking(gateway.seat('mercy'), BY, 50)
    const detail = await ours.ended('lakeside', id)
    expect(detail).toMatchObject({ state: 'aborted', reason: { code: 'rounds/not-proven', organisations: [stclare] } })
    expect(detail.steps.map(({ name }) => name)).toEqual(['join'])
  })

  test('of a hospital with more cases than places the most urgent are ranked; nobody else is told', async () => {
    const slugs = HOSPITALS.slice(0, 3)
    stage = await raiseRounds(slugs)
    stage.cases.set(
      'lakeside',
      casesOf(
        'lakeside',
        Array.from({ length: 60 }, (_, n) => n),
      ),
    )
    const ours = await stage.gateway(slugs)
    const id = await ours.rounds.openRanking(ours.seat('mercy'), BY, 50)
    expect(await ours.ended('lakeside', id)).toMatchObject({ result: { total: 50 }, own: { cases: 50, left: 10, areFalse: false } })
    expect((await ours.ended('mercy', id)).own).toEqual({ cases: 0, left: 0, areFalse: false })
    expect(stage.ranks.get('lakeside')?.ranks.get('lakeside-59')).toBe(1)
    expect(stage.ranks.get('lakeside')?.ranks.has('lakeside-9')).toBe(false)
  })

  test('after a ranking a hospital rests from those of the same opener', async () => {
    const slugs = HOSPITALS.slice(0, 3)
    stage = await raiseRounds(slugs)
    const clock = handClock()
    const ours = await stage.gateway(slugs, { clock, restS: 30 })
    await ours.ended('lakeside', await ours.rounds.openRanking(ours.seat('mercy'), BY, 50))
    const id = await ours.rounds.openRanking(ours.seat('mercy'), BY, 50)
    await sleep(1_500)
    expect((await ours.rounds.get(ours.seat('lakeside'), id)).steps).toEqual([])
    clock.move(31)
    expect(await ours.ended('lakeside', id)).toMatchObject({ state: 'closed', isConfirmed: true })
  })

  test('error: scores of other rules are not ranked together', async () => {
    const slugs = HOSPITALS.slice(0, 3)
    stage = await raiseRounds(slugs)
    const ours = await stage.gateway(slugs)
    const parties = await Promise.all(slugs.map((slug) => ours.circle.executorOf(ours.seat(slug))))
    const parameters = JSON.stringify({ v: 1, stepS: 60, slots: 50, rules: 'news2-2012' })
    const id = await openBare(ours.circle, { kind: 'ranking', parties, threshold: 2, parameters })
    expect(await ours.ended('stclare', id)).toMatchObject({ state: 'aborted', reason: { code: 'rounds/other-rules' } })
  })
})

describe('an opener that writes another round in the place of its own', () => {
  const SLUGS = HOSPITALS.slice(0, 3)
  const fill = () => {
    for (const slug of SLUGS) stage.people.set(slug, peopleOf(Array<number>(15).fill(120)))
  }

  test('error: after the end changes nothing of what a hospital shows: it keeps what it had opened', async () => {
    stage = await raiseRounds(SLUGS)
    fill()
    const ours = await stage.gateway(SLUGS)
    const id = await ours.rounds.openStatistics(ours.seat('mercy'), MEAN, BY)
    const told = await ours.ended('lakeside', id)
    const other = JSON.stringify({ result: { kind: 'mean', cohort: 5_000, value: 1 }, tampered: [] })
    stage.see((view) => (view.state === 'closed' ? { ...view, result: other } : view))
    expect(await ours.rounds.get(ours.seat('lakeside'), id)).toEqual(told)
  })

  test.each<[string, (view: RoundView) => RoundView]>([
    ['with other parties', (view) => ({ ...view, parties: view.parties.filter((party) => party === view.opened_by) })],
    ['of another kind', (view) => ({ ...view, kind: 'x', parameters: '{}' })],
    ['without an end', (view) => ({ ...view, deadline_s: 9_000_000_000, is_overdue: false })],
  ])('error: %s keeps nobody from the next round', async (_, change) => {
    stage = await raiseRounds(SLUGS)
    fill()
    const clock = handClock()
    const isOfDeal = (args: unknown) => (args as { step?: number }).step === 1
    const mercy = await stage.gateway(['mercy'], { clock }, (method, args) =>
      method === 'contribute' && isOfDeal(args) ? undefined : args,
    )
    const first = await stage.gateway(['lakeside', 'stclare'], { clock })
    const id = await mercy.rounds.openStatistics(mercy.seat('mercy'), MEAN, BY)
    await expect.poll(async () => (await first.rounds.get(first.seat('lakeside'), id)).steps.length, { timeout: 20_000 }).toBe(1)
    await mercy.stop()
    await first.stop()
    stage.see((view) => (view.id === id && view.state === 'opened' ? change(view) : view))
    clock.move(700)
    const ours = await stage.gateway(SLUGS, { clock })
    const ask = async () => await ours.rounds.openStatistics(ours.seat('lakeside'), MEAN, BY)
    const next = await vi.waitFor(ask, { timeout: 20_000, interval: 300 })
    expect(await ours.ended('stclare', next)).toMatchObject({ state: 'closed', isConfirmed: true, result: { cohort: 45 } })
  })

  test('error: with another threshold, a hospital that starts again deals as it joined', async () => {
    stage = await raiseRounds(SLUGS)
    fill()
    const dead = { now: false }
    const mercy = await stage.gateway(['mercy', 'stclare'])
    const before = await stage.gateway(['lakeside'], {}, (method, args) => {
      if (method === 'contribute' && (args as { step: number }).step === 1) dead.now = true
      return dead.now ? undefined : args
    })
    const id = await mercy.rounds.openStatistics(mercy.seat('mercy'), MEAN, BY)
    await expect.poll(() => dead.now, { timeout: 20_000 }).toBe(true)
    await before.stop()
    stage.see((view) => (view.id === id ? { ...view, threshold: 3 } : view))
    const again = await stage.gateway(['lakeside'])
    expect(await again.ended('lakeside', id)).toMatchObject({ state: 'closed', isConfirmed: true, result: { cohort: 45 } })
  })

  test('error: leaving out of the beginning who came in time ends the round, naming its opener', async () => {
    const slugs = HOSPITALS.slice(0, 4)
    stage = await raiseRounds(slugs)
    const executors = new Map<string, string>()
    for (const seat of stage.circleOf(slugs).seats) executors.set(seat.name, await stage.circleOf(slugs).executorOf(seat))
    const withoutStClare = (args: unknown) => {
      const said = args as { step: number; messages: { to: string | null; sealed: string }[] }
      if (said.step !== 1) return args
      const messages = said.messages.map((message) => {
        if (message.to !== null) return message
        const envelope = JSON.parse(Buffer.from(message.sealed, 'base64').toString())
        const counted = envelope.closing.counted.filter(([party]: [string]) => party !== executors.get('stclare'))
        return { to: null, sealed: Buffer.from(JSON.stringify({ ...envelope, closing: { counted } })).toString('base64') }
      })
      return { ...said, messages }
    }
    const mercy = await stage.gateway(['mercy'], {}, (method, args) => (method === 'contribute' ? withoutStClare(args) : args))
    const ours = await stage.gateway(['lakeside', 'stclare', 'northgate'])
    const id = await mercy.rounds.openRanking(mercy.seat('mercy'), BY, 50)
    const { state, reason } = await ours.ended('stclare', id)
    expect({ state, code: reason?.code, who: reason?.organisations }).toEqual({
      state: 'aborted',
      code: 'rounds/other-view',
      who: expect.arrayContaining([mercy.seat('mercy').organisation]),
    })
  })
})

describe('what a hospital remembers', () => {
  const SLUGS = HOSPITALS.slice(0, 3)

  test('error: a question that forgets an answer is given up, with what its opener lacks', async () => {
    stage = await raiseRounds(SLUGS)
    for (const slug of SLUGS) stage.people.set(slug, peopleOf(Array<number>(15).fill(120)))
    const ours = await stage.gateway(SLUGS)
    await ours.ended('mercy', await ours.rounds.openStatistics(ours.seat('mercy'), MEAN, BY))
    const parties = await Promise.all(ours.circle.seats.map((each) => ours.circle.executorOf(each)))
    const parameters = JSON.stringify({ v: 1, stepS: 60, asOfS: systemClock.nowS() - 2, question: MEAN, told: [] })
    const forgetful = { name: 'mercy', organisation: ours.seat('mercy').organisation }
    await ours.stop()
    const others = await stage.gateway(['lakeside', 'stclare'])
    const opening = { id: 'forgetful', kind: 'statistics', parties, threshold: 2, parameters, deadline_s: systemClock.nowS() + 500 }
    const id = await others.circle.call(forgetful, 'open_round', opening)
    expect(await others.ended('lakeside', id)).toMatchObject({ state: 'aborted', reason: { code: 'rounds/other-memory' } })
    const { reason } = await others.circle.ask('round', { id })
    expect(JSON.parse(reason ?? '{}').told).toEqual([expect.objectContaining({ counts: [45], field: 'observation 8480-6 mm[Hg]' })])
  })

  test('an answer is withheld when a group that was told before has changed by a few people since', async () => {
    stage = await raiseRounds(SLUGS)
    for (const slug of SLUGS) stage.people.set(slug, peopleOf(Array<number>(15).fill(120)))
    const ours = await stage.gateway(SLUGS)
    const ask = async () => (await ours.ended('stclare', await ours.rounds.openStatistics(ours.seat('mercy'), MEAN, BY))).result
    expect(await ask()).toMatchObject({ cohort: 45 })
    // Measured for the first time, with an older date, though long known.
    stage.people.set('stclare', peopleOf(Array<number>(16).fill(120)))
    expect(await ask()).toEqual({ kind: 'withheld', why: 'small-group' })
    stage.people.set('stclare', peopleOf(Array<number>(35).fill(120)))
    expect(await ask()).toMatchObject({ cohort: 65 })
  })

  test('an opener that was away learns what others remember', async () => {
    const kept = new Map<string, unknown>()
    const vault = {
      told: async (round: string) => kept.get(round),
      putTold: async (round: string, value: unknown) => void kept.set(round, value),
      toldRounds: async () => [...kept.keys()],
    }
    const told = {
      field: 'age',
      asOfS: 1,
      cohort: {},
      measure: { kind: 'count' as const },
      criteria: null,
      cells: [],
      counts: [45],
      hospitals: ['0x1'],
    }
    const memory = new RoundMemory(vault as never)
    await memory.learn('a', [told, told])
    await memory.learn('b', [told])
    expect(await memory.toldOf('age')).toEqual([told])
    expect([...kept.keys()]).toEqual(['a'])
    expect(await new RoundMemory(vault as never).toldOf('age')).toEqual([told])
  })

  test('error: an opening that its opener took back does not stop the others', async () => {
    const opened = { id: 'x', state: 'opened', sequence: 1 }
    let isGone = false
    const circle = {
      call: async (_seat: unknown, method: string) => {
        if (method === 'rounds') return { entries: isGone ? [] : [opened], next: null }
        throw new ApplicationError('round', 'UnknownRound', null)
      },
    }
    const history = new RoundsHistory(circle as never, { name: 'mercy', organisation: slugToOrganisationId('mercy') })
    expect(await history.opened()).toEqual([opened])
    isGone = true
    expect(await history.opened()).toEqual([])
  })
})
