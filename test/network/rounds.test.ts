// Both kinds of rounds on three real nodes, each with a gateway's rounds of its own; a node is killed in the middle.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCalimeroEngine } from '@medsync/context/calimero'
import { felt, type OrganisationId, type RoundDetail, type StatisticsQuestion, slugToOrganisationId } from '@medsync/protocol'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Network, startNetwork } from '../../scripts/nodes/startNetwork.ts'
import { systemClock } from '../../services/gateway/src/clock.ts'
import { Circle, type Seat } from '../../services/gateway/src/context/circle.ts'
import { CircleEngine } from '../../services/gateway/src/context/circleEngine.ts'
import { BoundedEventHub } from '../../services/gateway/src/events/boundedEventHub.ts'
import { Rounds } from '../../services/gateway/src/rounds/rounds.ts'
import type { KeptRanks } from '../../services/gateway/src/rounds/roundsOptions.ts'
import { Tenants } from '../../services/gateway/src/tenants/tenants.ts'
import { describeNetwork, nodeBinary } from './networkStage.ts'

const NAMES = ['mercy', 'lakeside', 'stclare'] as const
type Name = (typeof NAMES)[number]
const SCORES: Record<Name, readonly number[]> = { mercy: [90, 10, 10], lakeside: [55], stclare: [100, 10] }
const STEP_S = 40
const ENDS = { timeout: 240_000, interval: 250 }
const QUESTION: StatisticsQuestion = {
  field: { kind: 'observation', loinc: '8480-6', unit: 'mm[Hg]' },
  measure: { kind: 'mean', range: { min: 0, max: 300, decimals: 0 } },
  cohort: {},
}

describeNetwork('rounds on three real nodes', () => {
  let folder: string
  let network: Network
  const gateways = new Map<Name, { rounds: Rounds; circle: Circle; seat: Seat }>()
  const ranks = new Map<OrganisationId, KeptRanks>()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medsync-rounds-'))
    const hospitals = Object.fromEntries(NAMES.map((name) => [name, slugToOrganisationId(name)]))
    network = await startNetwork({ binary: nodeBinary, folder, hospitals })
    for (const name of NAMES) raise(name)
  }, 120_000)
  afterAll(async () => {
    for (const name of NAMES) await lower(name)
    await network?.close()
    await rm(folder, { recursive: true, force: true })
  }, 60_000)

  /** A gateway that knows its own node only. */
  function raise(name: Name): void {
    const organisation = slugToOrganisationId(name)
    const tenants = new Tenants([{ slug: name, organisation, role: 'hospital', name }])
    const open = () =>
      openCalimeroEngine({ contextId: network.ids.contextId, nodes: [{ member: name, access: network.seatOf(name).node.access }] })
    const circle = new Circle({ engine: new CircleEngine(open), idOf: () => 'network', tenants, seats: [name] })
    const rounds = new Rounds({
      circle,
      log: pino({ level: 'silent' }),
      clock: systemClock,
      events: new BoundedEventHub(name),
      sources: {
        values: async () => Array.from({ length: 10 }, (_, n) => ({ value: 100 + n + 10 * NAMES.indexOf(name), ageDecade: 5, gender: 0 })),
        waitingCases: async () => SCORES[name].map((score, at) => ({ caseId: `${name}-${at}`, score })),
      },
      isTrusted: () => true,
      onRanks: async (_, kept) => void ranks.set(organisation, kept),
      stepS: STEP_S,
    })
    gateways.set(name, { rounds, circle, seat: circle.seats[0]! })
    rounds.start()
  }

  async function lower(name: Name): Promise<void> {
    const gateway = gateways.get(name)
    gateways.delete(name)
    const stopped = gateway?.rounds.stop()
    await gateway?.circle.close()
    await stopped
  }

  const look = async (name: Name, id: string): Promise<RoundDetail> => {
    const { rounds, seat } = gateways.get(name)!
    return await rounds.get(seat, id)
  }
  const ended = async (name: Name, id: string): Promise<RoundDetail> =>
    await vi.waitFor(async () => {
      const detail = await look(name, id)
      if (detail.state === 'opened' || (detail.state === 'closed' && detail.isConfirmed === null)) throw new RangeError(`${detail.step}`)
      return detail
    }, ENDS)
  const untilStep = async (id: string, step: string) =>
    await vi.waitFor(async () => expect((await look('mercy', id)).step).toBe(step), ENDS)
  const ask = () => gateways.get('mercy')!.rounds.openStatistics(gateways.get('mercy')!.seat, QUESTION, felt(1) as never)
  const rank = () => gateways.get('lakeside')!.rounds.openRanking(gateways.get('lakeside')!.seat, felt(1) as never, 50)

  test('statistics and a ranking end with the same result at all three', { timeout: 300_000 }, async () => {
    const began = performance.now()
    const statistics = await ask()
    for (const name of NAMES)
      expect(await ended(name, statistics)).toMatchObject({ state: 'closed', isConfirmed: true, result: { cohort: 30, value: 114.5 } })
    const between = performance.now()
    const ranking = await rank()
    for (const name of NAMES) expect(await ended(name, ranking)).toMatchObject({ state: 'closed', isConfirmed: true, result: { total: 6 } })
    console.info(`statistics ${Math.round(between - began)} ms, ranking ${Math.round(performance.now() - between)} ms`)
    await rightRanks()
  })

  test('a ranking whose third node is killed in the middle ends when it is back', { timeout: 400_000 }, async () => {
    ranks.clear()
    const id = await rank()
    await untilStep(id, 'deal')
    await network.seatOf('stclare').node.kill()
    await network.seatOf('stclare').restart()
    for (const name of NAMES) expect(await ended(name, id)).toMatchObject({ state: 'closed', isConfirmed: true, result: { total: 6 } })
    await rightRanks()
  })

  test('statistics end without the third node when it dies after the proofs', { timeout: 400_000 }, async () => {
    const id = await ask()
    await untilStep(id, 'prove')
    await network.seatOf('stclare').node.kill()
    await lower('stclare')
    for (const name of ['mercy', 'lakeside'] as const) {
      expect(await ended(name, id)).toMatchObject({ state: 'closed', isConfirmed: true, result: { cohort: 30, value: 114.5 } })
    }
  })

  async function rightRanks(): Promise<void> {
    await vi.waitFor(() => expect(ranks.size).toBe(3), ENDS)
    const all = new Map([...ranks.values()].flatMap((kept) => [...kept.ranks]))
    expect([all.get('stclare-0'), all.get('mercy-0'), all.get('lakeside-0')]).toEqual([1, 2, 3])
    expect([all.get('mercy-1'), all.get('mercy-2'), all.get('stclare-1')].toSorted()).toEqual([4, 5, 6])
  }
})
