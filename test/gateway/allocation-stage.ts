import type { RoundView } from '@medsync/context/app'
import {
  type AccountAddress,
  type CaseId,
  caseIdSchema,
  felt,
  type OrganisationId,
  recordIdSchema,
  slugToOrganisationId,
} from '@medsync/protocol'
import { pino } from 'pino'
import { vi } from 'vitest'
import { Allocations } from '../../services/gateway/src/allocation/allocations.ts'
import { CaseMoves } from '../../services/gateway/src/allocation/caseMoves.ts'
import type { RankedCase } from '../../services/gateway/src/allocation/rankedCases.ts'
import { Supply } from '../../services/gateway/src/allocation/supply.ts'
import { systemClock } from '../../services/gateway/src/clock.ts'
import { Circle, type Seat } from '../../services/gateway/src/context/circle.ts'
import { CircleEngine } from '../../services/gateway/src/context/circleEngine.ts'
import { ContextKeys } from '../../services/gateway/src/context/contextKeys.ts'
import { BoundedEventHub } from '../../services/gateway/src/events/boundedEventHub.ts'
import { type CircleHome, makeHome, SharedCircle } from './consents-circleStage.ts'

export const BY = felt(7) as AccountAddress
const HOUR_S = 3_600
const PATIENCE_MS = 25_000

/** A hospital with a gateway, a database and keys of its own. */
export type AllocationHospital = {
  readonly slug: string
  readonly organisation: OrganisationId
  readonly seat: Seat
  readonly circle: Circle
  readonly keys: ContextKeys
  readonly supply: Supply
  readonly cases: Map<CaseId, RankedCase>
  readonly home: CircleHome
  allocations: Allocations
  /** Adds a waiting case with a rank in the ranking `r-1`. */
  wait(rank: number, specialty?: string): CaseId
  /** Adds a facility and somebody there, who takes so many in two hours. */
  offer(name: string, latitude: number, capacity: number): Promise<{ facility: string; specialist: string }>
  start(): void
  stop(): Promise<void>
}

/** A circle of hospitals that allocate, each by itself. */
export type AllocationStage = {
  readonly hospitals: readonly AllocationHospital[]
  /** Hospitals that nobody takes for what they say they are. */ readonly strangers: Set<OrganisationId>
  /** A round as one hospital sees it, once it has ended. */
  ended(hospital: AllocationHospital, id: string): Promise<RoundView>
  stop(): Promise<void>
}

export async function raiseAllocation(slugs: readonly string[]): Promise<AllocationStage> {
  const shared = await SharedCircle.raise(slugs)
  const strangers = new Set<OrganisationId>()
  const hospitals = await Promise.all(slugs.map((slug) => raiseHospital(shared, slug, strangers)))
  const [keeper] = hospitals
  for (const { circle, seat, keys, organisation } of hospitals) {
    const pair = await keys.of(organisation)
    await keeper?.circle.call(keeper.seat, 'admit_member', {
      executor: await circle.executorOf(seat),
      organisation,
      kind: 'hospital',
      encryption_key_base64: Buffer.from(pair?.publicBytes ?? []).toString('base64'),
    })
  }
  return {
    hospitals,
    strangers,
    ended: ({ circle, seat }, id) =>
      vi.waitFor(
        async () => {
          const view = await circle.call(seat, 'round', { id })
          if (view.state === 'opened') throw new RangeError(`${id} is still open`)
          return view
        },
        { timeout: PATIENCE_MS, interval: 50 },
      ),
    stop: async () => {
      for (const hospital of hospitals) await hospital.stop()
      for (const { home } of hospitals) await home.drop()
      await shared.stop()
    },
  }
}

/** Waits until something is so. */
export const soon = (isSo: () => unknown): Promise<void> =>
  vi.waitFor(
    async () => {
      if (!(await isSo())) throw new RangeError('it is not so yet')
    },
    { timeout: PATIENCE_MS, interval: 50 },
  )

async function raiseHospital(shared: SharedCircle, slug: string, strangers: ReadonlySet<OrganisationId>): Promise<AllocationHospital> {
  const home = await makeHome([slug])
  const { database, ring, tenants } = home
  const organisation = slugToOrganisationId(slug)
  const circle = new Circle({ engine: new CircleEngine(() => shared.open()), idOf: () => 'test', tenants, seats: [slug] })
  const keys = new ContextKeys(ring, tenants)
  const supply = new Supply({ database, keys: ring })
  const cases = new Map<CaseId, RankedCase>()
  const make = () =>
    new Allocations({
      circle,
      keys,
      supply,
      tenants,
      moves: new CaseMoves({ database, keys: ring }),
      cases: {
        all: async () => cases,
        setStatus: async (_organisation, caseId, status) => void cases.set(caseId, { ...cases.get(caseId)!, status }),
      },
      events: new BoundedEventHub(slug),
      clock: systemClock,
      log: pino({ level: 'silent' }),
      keyOf: async (member) =>
        strangers.has(member.organisation as OrganisationId) && member.organisation !== organisation
          ? undefined
          : member.organisation === organisation
            ? (await keys.of(organisation))?.publicBytes
            : Buffer.from(member.encryption_key_base64, 'base64'),
      waitS: 3,
      lookEveryMs: 300,
      settleMs: 20,
    })
  let isRunning = false
  const hospital: AllocationHospital = {
    slug,
    organisation,
    seat: circle.seats[0]!,
    circle,
    keys,
    supply,
    cases,
    home,
    allocations: make(),
    wait: (rank, specialty = 'cardiology') => {
      const caseId = caseIdSchema.parse(crypto.randomUUID())
      const record = recordIdSchema.parse(crypto.randomUUID())
      cases.set(caseId, { caseId, record, specialty, status: 'waiting', rank: { round: 'r-1', rank, total: 9 } })
      return caseId
    },
    offer: async (name, latitude, capacity) => {
      const { facility } = await supply.putFacility(slug, undefined, { name: `${name} house`, latitude, longitude: -71 })
      const fromS = systemClock.nowS() + 2 * HOUR_S
      const hours = [{ fromS, toS: fromS + HOUR_S, capacity }]
      const { specialist } = await supply.putSpecialist(slug, undefined, { name, facility, specialty: 'cardiology', hours })
      return { facility, specialist }
    },
    start: () => {
      if (isRunning) return
      isRunning = true
      hospital.allocations = make()
      hospital.allocations.start()
    },
    stop: async () => {
      if (isRunning) await hospital.allocations.stop()
      isRunning = false
    },
  }
  return hospital
}
