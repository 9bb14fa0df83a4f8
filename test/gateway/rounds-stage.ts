import type { RoundView } from '@medsync/context/app'
import { type ContextEngine, EngineClosedError } from '@medsync/context/engine'
import {
  felt,
  type LiveEvent,
  type OrganisationId,
  type RoundDetail,
  type StatisticsQuestion,
  slugToOrganisationId,
} from '@medsync/protocol'
import { pino } from 'pino'
import { vi } from 'vitest'
import { type Clock, systemClock } from '../../services/gateway/src/clock.ts'
import { Circle, type Seat } from '../../services/gateway/src/context/circle.ts'
import { CircleEngine } from '../../services/gateway/src/context/circleEngine.ts'
import { type ContextKeyPair, ContextKeys } from '../../services/gateway/src/context/contextKeys.ts'
import { BoundedEventHub } from '../../services/gateway/src/events/boundedEventHub.ts'
import { type Key, KeyRing } from '../../services/gateway/src/keys/keyRing.ts'
import { Rounds } from '../../services/gateway/src/rounds/rounds.ts'
import type { KeptRanks, PersonValue, RoundsOptions, WaitingCase } from '../../services/gateway/src/rounds/roundsOptions.ts'
import { Tenants } from '../../services/gateway/src/tenants/tenants.ts'
import { SharedCircle } from './consents-circleStage.ts'

export const HOSPITALS = ['mercy', 'lakeside', 'stclare', 'northgate', 'hillside'] as const

/** A circle of hospitals in the embedded engine, and what each of them holds. */
export type RoundsStage = {
  readonly shared: SharedCircle
  readonly people: Map<string, readonly PersonValue[]>
  readonly cases: Map<string, readonly WaitingCase[]>
  readonly ranks: Map<string, KeptRanks>
  readonly log: string[]
  readonly told: LiveEvent[]
  /** Starts a gateway with places for some of the hospitals. */
  gateway(slugs: readonly string[], options?: Partial<RoundsOptions>, wire?: Wire): Promise<RoundsGateway>
  /** Changes what the app's views of rounds show to everybody. */
  see(change: (view: RoundView) => RoundView): void
  /** What a hospital's gateway seals what it keeps in the vault with. */
  vaultKeyOf(slug: string): Key
  /** What a hospital's circle key is, whoever uses it. */
  keysOf(slug: string): Promise<ContextKeyPair>
  /** Places without a gateway. */
  circleOf(slugs: readonly string[], wire?: Wire): Circle
  stop(): Promise<void>
}

/** What a gateway says passes through here: changed, or undefined for nothing any more. */
export type Wire = (method: string, args: unknown) => unknown

export type RoundsGateway = {
  readonly rounds: Rounds
  readonly circle: Circle
  seat(slug: string): Seat
  /** Waits for a round's end, as one of the hospitals sees it. */
  ended(slug: string, id: string): Promise<RoundDetail>
  stop(): Promise<void>
}

export const BY = felt(7) as never
/** People of one age and gender with these values. */
export const peopleOf = (values: readonly number[]): PersonValue[] =>
  values.map((value) => ({ value, ageDecade: 5, gender: 0, enteredS: 0 }))
export const casesOf = (slug: string, scores: readonly number[]): WaitingCase[] =>
  scores.map((score, at) => ({ caseId: `${slug}-${at}`, score }))
export const systolic = (measure: StatisticsQuestion['measure']): StatisticsQuestion => ({
  field: { kind: 'observation', loinc: '8480-6', unit: 'mm[Hg]' },
  measure,
  cohort: {},
})
export const RANGE = { min: 0, max: 300, decimals: 1 }

export async function raiseRounds(slugs: readonly string[]): Promise<RoundsStage> {
  const shared = await SharedCircle.raise(slugs)
  let changeView = (view: RoundView) => view
  const tenantsOf = (names: readonly string[]) =>
    new Tenants(names.map((slug) => ({ slug, organisation: slugToOrganisationId(slug), role: 'hospital', name: slug })))
  const circleOf = (names: readonly string[], wire: Wire = (_, args) => args) =>
    new Circle({
      engine: new CircleEngine(() => wired(shared, wire, (view) => changeView(view))),
      idOf: () => 'test',
      tenants: tenantsOf(names),
      seats: names,
    })
  const everybody = circleOf(slugs)
  const ring = new KeyRing(crypto.getRandomValues(new Uint8Array(32)))
  const pairs = new ContextKeys(ring, tenantsOf(slugs))
  const keysOf = async (slug: string): Promise<ContextKeyPair> => (await pairs.of(slugToOrganisationId(slug)))!
  for (const seat of everybody.seats) {
    const { publicBytes } = await keysOf(seat.name)
    const member = {
      executor: await everybody.executorOf(seat),
      organisation: seat.organisation,
      kind: 'hospital',
      encryption_key_base64: Buffer.from(publicBytes).toString('base64'),
    }
    await everybody.call(everybody.seats[0]!, 'admit_member', member)
  }
  const people = new Map<string, readonly PersonValue[]>()
  const cases = new Map<string, readonly WaitingCase[]>()
  const ranks = new Map<string, KeptRanks>()
  const [log, told]: [string[], LiveEvent[]] = [[], []]
  const slugOf = (organisation: OrganisationId) => slugs.find((slug) => slugToOrganisationId(slug) === organisation) ?? ''
  const running = new Set<RoundsGateway>()
  const gateway = async (names: readonly string[], options: Partial<RoundsOptions> = {}, wire?: Wire): Promise<RoundsGateway> => {
    const circle = circleOf(names, wire)
    const events = new BoundedEventHub('rounds')
    events.subscribe(({ event }) => void told.push(event))
    const rounds = new Rounds({
      circle,
      log: pino({ level: 'debug' }, { write: (line: string) => void log.push(line) }),
      clock: systemClock,
      events,
      sources: {
        values: async (organisation) => people.get(slugOf(organisation)) ?? [],
        waitingCases: async (organisation) => cases.get(slugOf(organisation)) ?? [],
      },
      isTrusted: async () => true,
      keysOf: (organisation) => keysOf(slugOf(organisation)),
      vaultKeyOf: (slug) => ring.ofTenant(slug, 'round-vault'),
      restS: 0,
      onRanks: async (organisation, kept) => void ranks.set(slugOf(organisation), kept),
      lookEveryMs: 250,
      ...options,
    })
    const seat = (slug: string) => circle.seats.find(({ name }) => name === slug)!
    rounds.start()
    const made: RoundsGateway = {
      rounds,
      circle,
      seat,
      ended: async (slug, id) =>
        await vi.waitFor(
          async () => {
            const detail = await rounds.get(seat(slug), id)
            if (detail.state === 'opened' || (detail.state === 'closed' && detail.isConfirmed === null))
              throw new RangeError(`${detail.step}`)
            return detail
          },
          { timeout: 20_000, interval: 50 },
        ),
      stop: async () => {
        running.delete(made)
        const stopped = rounds.stop()
        await circle.close()
        await stopped
      },
    }
    running.add(made)
    return made
  }
  return {
    shared,
    people,
    cases,
    ranks,
    log,
    told,
    gateway,
    see: (change) => {
      changeView = change
    },
    keysOf,
    vaultKeyOf: (slug) => ring.ofTenant(slug, 'round-vault'),
    circleOf,
    stop: async () => {
      for (const each of running) await each.stop()
      await everybody.close()
      await shared.stop()
    },
  }
}

async function wired(shared: SharedCircle, wire: Wire, see: (view: RoundView) => RoundView): Promise<ContextEngine> {
  const engine = await shared.open()
  return {
    ...engine,
    call: async (member, method, args, options) => {
      const passed = wire(method, args)
      if (passed === undefined) throw new EngineClosedError()
      return seen(await engine.call(member, method, passed as typeof args, options), method, see)
    },
  }
}

function seen(answer: unknown, method: string, see: (view: RoundView) => RoundView): unknown {
  if (method === 'round') return see(answer as RoundView)
  if (method !== 'rounds') return answer
  const page = answer as { entries: RoundView[]; next: string | null }
  return { ...page, entries: page.entries.map(see) }
}

/** A clock that is moved by hand. */
export const handClock = (): Clock & { move(seconds: number): void } => {
  let aheadS = 0
  return {
    nowS: () => systemClock.nowS() + aheadS,
    move: (seconds) => {
      aheadS += seconds
    },
  }
}
