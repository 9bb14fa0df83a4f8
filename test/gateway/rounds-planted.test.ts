import { afterEach, expect, test } from 'vitest'
import { BY, casesOf, HOSPITALS, peopleOf, RANGE, type RoundsStage, raiseRounds, systolic, type Wire } from './rounds-stage.ts'

const SLUGS = HOSPITALS.slice(0, 3)
/** A value that only Mercy has, in the ways that it could show: as a text, as steps above the range, and as a field element's bytes. */
const PLANTED = 287.3
const MERCYS = 25
const SUM = BigInt(Math.round(PLANTED * 10)) * BigInt(MERCYS)
const elementBytes = (value: bigint) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes.toString('latin1')
}
const MARKS = [String(PLANTED), String(SUM), elementBytes(SUM), 'mercy-0', 'planted']
let stage: RoundsStage
afterEach(async () => {
  await stage?.stop()
})

test('no input of a round is in what a gateway says to the circle in clear, in its log, or in an event', async () => {
  stage = await raiseRounds(SLUGS)
  stage.people.set('mercy', peopleOf(Array(MERCYS).fill(PLANTED)))
  for (const slug of ['lakeside', 'stclare']) stage.people.set(slug, peopleOf(Array(15).fill(120)))
  for (const slug of SLUGS) stage.cases.set(slug, [...casesOf(slug, [97, 3]), { caseId: `planted-${slug}`, score: 41 }])
  const said: string[] = []
  const hear: Wire = (method, args) => {
    if (!method.endsWith('_private')) said.push(JSON.stringify(args), ...bytesIn(args))
    return args
  }
  const mercy = await stage.gateway(['mercy'], {}, hear)
  const others = await stage.gateway(['lakeside', 'stclare'])
  const question = systolic({ kind: 'variance', range: RANGE })
  const statistics = await mercy.rounds.openStatistics(mercy.seat('mercy'), question, BY)
  expect(await mercy.ended('mercy', statistics)).toMatchObject({ state: 'closed', result: { cohort: 55 } })
  const ranking = await others.rounds.openRanking(others.seat('lakeside'), BY, 50)
  expect(await mercy.ended('mercy', ranking)).toMatchObject({ state: 'closed', result: { total: 9 } })
  expect(said.length).toBeGreaterThan(40)
  const everything = [...said, ...stage.log, ...stage.told.map((event) => JSON.stringify(event))]
  for (const mark of MARKS) expect(everything.filter((text) => text.includes(mark))).toEqual([])
  expect(stage.told).toContainEqual({ type: 'round.changed', round: statistics })
})

test('a hospital’s messages in a ranking have the same sizes, whether it has no cases or fifty', async () => {
  const sizes: number[][] = []
  for (const scores of [[], Array(50).fill(99)]) {
    stage = await raiseRounds(SLUGS)
    stage.cases.set('mercy', casesOf('mercy', scores))
    const lengths: number[] = []
    const mercy = await stage.gateway(['mercy'], {}, (method, args) => {
      if (method === 'contribute') lengths.push(...bytesIn(args).map(({ length }) => length))
      return args
    })
    await stage.gateway(['lakeside', 'stclare'])
    const id = await mercy.rounds.openRanking(mercy.seat('mercy'), BY, 50)
    expect(await mercy.ended('mercy', id)).toMatchObject({ state: 'closed', result: { total: scores.length } })
    sizes.push(lengths.sort((one, other) => one - other))
    await stage.stop()
  }
  expect(sizes[0]).toEqual(sizes[1])
})

/** The bytes of all messages of a contribution. */
function bytesIn(args: unknown): string[] {
  const { messages } = args as { messages?: { sealed: string }[] }
  return (messages ?? []).map(({ sealed }) => Buffer.from(sealed, 'base64').toString('latin1'))
}
