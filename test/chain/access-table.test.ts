import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { abis } from '@medsync/chain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseMarket } from './access/market.ts'
import { MOMENTS, ROWS, type Row } from './access/rows.ts'
import { CALLERS, type Caller, type Scene, setScene } from './access/scene.ts'
import { DAY_S, openingFelts } from './access/shapes.ts'
import { accessTable, nameOf, type Tried } from './access/table.ts'
import { callTo, refusalOf } from './access/world.ts'

// Every function that changes state, by every caller: who may, and the exact words for who may not.

const TABLE = join(import.meta.dirname, '../../contracts/ACCESS.md')

let scene: Scene
beforeAll(async () => {
  scene = await setScene()
}, 120_000)
afterAll(() => scene.world.devnet.stop())

/** What one caller meets; nothing stays of it. */
async function attempt(row: Row, caller: Caller): Promise<string> {
  const { world, people } = scene
  const before = (row.before?.(scene) ?? []).map(({ by, to, entrypoint, args = [] }) => ({
    by: people[by],
    call: callTo(to, entrypoint, args),
  }))
  const to = row.at?.(scene) ?? world.contracts[row.contract]
  const call = callTo(to, row.entrypoint, await row.args(scene, people[caller]))
  const answers = await world.simulate([...before, { by: people[caller], call }])
  const last = answers.pop()
  for (const answer of answers) if (!answer.isOk) throw new RangeError(`what comes before ${row.entrypoint} was refused: ${answer.reason}`)
  if (last === undefined) throw new RangeError('no answer')
  return last.isOk ? 'yes' : last.reason
}

async function tryAll(row: Row): Promise<Tried> {
  const answers: Partial<Record<Caller, string>> = {}
  for (const caller of CALLERS) answers[caller] = await attempt(row, caller)
  return { row, answers: answers as Record<Caller, string> }
}

test('every function that changes state stands in the table, and nothing else', () => {
  for (const [contract, abi] of Object.entries(abis)) {
    const functions = abi.flatMap((item) => (item.type === 'interface' ? [...item.items] : []))
    const external = functions.filter(({ state_mutability }) => state_mutability === 'external').map(({ name }) => name)
    const rows = ROWS.filter((row) => row.contract === contract).map(({ entrypoint }) => entrypoint)
    expect([...new Set<string>(rows)].sort()).toEqual([...new Set<string>(external)].sort())
  }
})

describe('who may call', () => {
  const tried: Tried[] = []

  for (const moment of MOMENTS) {
    describe(moment, () => {
      beforeAll(async () => {
        const { world, terms, openRequest, strandedRequest, haltedRequest } = scene
        if (moment === 'now') return
        const untilS = {
          'after the delay of two days': (await world.nowS()) + 2 * DAY_S,
          'after the deadline': terms.deadlineS,
          'when the study can be closed': terms.deadlineS + terms.answerWithinS + 30 * DAY_S,
        }[moment]
        await world.pass(untilS - (await world.nowS()))
        if (moment !== 'after the deadline') return
        await world.send([openRequest, strandedRequest, haltedRequest].map(({ id }) => callTo(world.contracts.rewardPool, 'expire', [id])))
      })

      const rows = ROWS.filter((row) => (row.moment ?? 'now') === moment)
      test.each(rows.map((row): [string, Row] => [`${row.contract}: ${nameOf(row)}`, row]))('%s', async (_, row) => {
        const found = await tryAll(row)
        tried.push(found)
        expect(CALLERS.filter((caller) => found.answers[caller] === 'yes')).toEqual(CALLERS.filter((caller) => row.may.includes(caller)))
      })
    })
  }

  test('the table in git says so', async () => {
    expect(tried.length).toBe(ROWS.length)
    const table = accessTable([...tried].sort((one, other) => ROWS.indexOf(one.row) - ROWS.indexOf(other.row)))
    if (process.env['UPDATE_ACCESS'] === '1') await writeFile(TABLE, table)
    expect(await readFile(TABLE, 'utf8')).toBe(table)
  })
})

describe('what the table does not show', () => {
  // Operators of both sides of a study could pay its deposit to a patient of their own, so that the power to admit must not name any.
  test('who may admit reaches no money: neither operators of what exists, nor the study of an office by a hospital of their own', async () => {
    const market = await raiseMarket()
    const { world, people, office, hospital, opening, pool } = market
    const { participants } = world.contracts
    try {
      const [token = ''] = await world.deploy('TestToken', [])
      await market.stock(token)
      const study = await market.open(token, 5_000n)
      const [clerk = '', asker = '', answerer = ''] = await world.deploy('Puppet', [], 3)
      await world.act(people.owner, [callTo(participants, 'plan_powers', [clerk, 1])])
      await world.pass(2 * DAY_S)
      await world.act(people.owner, [callTo(participants, 'apply_powers', [clerk])])
      const refusal = (call: ReturnType<typeof callTo>) => refusalOf(world.act(clerk, [call]))
      expect(await refusal(callTo(participants, 'add_operator', [office, asker]))).toBe('Participants: not the owner')
      expect(await refusal(callTo(participants, 'add_operator', [hospital, answerer]))).toBe('Participants: not the owner')
      await world.act(clerk, [
        callTo(participants, 'admit', [0xbadn, 2, 1, asker, asker]),
        callTo(participants, 'admit', [0xbad2n, 1, 1, answerer, answerer]),
      ])
      const ask = world.act(asker, [callTo(pool, 'request', [study, people.patient, 0xbad2n, 1])])
      expect(await refusalOf(ask)).toBe('Pool: not the office')
      const answer = world.act(answerer, [callTo(pool, 'settle', [1, 1, ...openingFelts(opening), 1])])
      expect(await refusalOf(answer)).toBe('Pool: unknown request')
    } finally {
      await world.devnet.stop()
    }
  })

  test('powers that one owner planned come only if the next owner wants them, and soon', async () => {
    const market = await raiseMarket()
    const { world, people } = market
    const { participants } = world.contracts
    try {
      await world.act(people.owner, [
        callTo(participants, 'plan_powers', [people.stranger, 15]),
        callTo(participants, 'offer_ownership', [people.researcher]),
      ])
      await world.pass(2 * DAY_S)
      await world.act(people.researcher, [callTo(participants, 'accept_ownership')])
      for (const caller of [people.stranger, people.owner]) {
        const apply = world.act(caller, [callTo(participants, 'apply_powers', [people.stranger])])
        expect(await refusalOf(apply)).toBe('Participants: not the owner')
      }
      await world.pass(14 * DAY_S)
      const late = world.act(people.researcher, [callTo(participants, 'apply_powers', [people.stranger])])
      expect(await refusalOf(late)).toBe('Participants: plan is stale')
    } finally {
      await world.devnet.stop()
    }
  })
})
