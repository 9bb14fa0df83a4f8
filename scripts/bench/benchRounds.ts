import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedEngine } from '@medsync/context/embedded'
import type { ContextEngine } from '@medsync/context/engine'
import { account, type OrganisationId, type StatisticsQuestion, slugToOrganisationId } from '@medsync/protocol'
import { pino } from 'pino'
import { systemClock } from '../../services/gateway/src/clock.ts'
import { Circle } from '../../services/gateway/src/context/circle.ts'
import { CircleEngine } from '../../services/gateway/src/context/circleEngine.ts'
import { type ContextKeyPair, ContextKeys } from '../../services/gateway/src/context/contextKeys.ts'
import { BoundedEventHub } from '../../services/gateway/src/events/boundedEventHub.ts'
import { KeyRing } from '../../services/gateway/src/keys/keyRing.ts'
import { Rounds } from '../../services/gateway/src/rounds/rounds.ts'
import { Tenants } from '../../services/gateway/src/tenants/tenants.ts'
import { inProject } from '../paths.ts'
import { printTable } from './table.ts'

const HOSPITALS = ['mercy', 'lakeside', 'stclare']
const CASES = 1_000
const NUMBERS = 100_000
const RUNS = 3
const STAFF = account('0x1')
const VARIANCE: StatisticsQuestion = {
  field: { kind: 'observation', loinc: '8480-6', unit: 'mm[Hg]' },
  measure: { kind: 'variance', range: { min: 0, max: 400, decimals: 1 } },
  cohort: {},
}
/** Three hospitals' rounds in one process, and how to hold one to its end at all of them. */
type Stage = { rank(): Promise<void>; aggregate(): Promise<void>; sentBytes(): number; stop(): Promise<void> }

/**
 * Whole rounds of three hospitals on the embedded engine in a sealed folder, each write on the disk before its answer: from the call that opens one
 * until the last hospital has what it is to learn. The best of three runs.
 */
export async function benchRounds(): Promise<void> {
  const stage = await raise()
  try {
    await stage.rank()
    const before = stage.sentBytes()
    const rankingMs = await bestMs(() => stage.rank())
    const bytes = (stage.sentBytes() - before) / RUNS
    const statisticsMs = await bestMs(() => stage.aggregate())
    console.log('\nRounds of three hospitals, embedded engine (sealed)')
    printTable(
      ['what', 'ms'],
      [
        [`3 x ${CASES.toLocaleString('en')} cases ranked`, rankingMs],
        [`${NUMBERS.toLocaleString('en')} numbers: mean and variance`, statisticsMs],
      ],
    )
    console.log(`  A ranking sends ${Math.round(bytes / (HOSPITALS.length * CASES)).toLocaleString('en')} bytes a case, all steps, sealed.`)
  } finally {
    await stage.stop()
  }
}

async function raise(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'medsync-bench-'))
  const wasm = await readFile(inProject('calimero-app', 'res', 'medsync.wasm'))
  const engine = await openEmbeddedEngine({ folder, wasm, storeKey: randomBytes(32), members: HOSPITALS })
  await engine.initialise('mercy', { admin_organisation: slugToOrganisationId('mercy'), kind: 'hospital' })
  let sent = 0
  const counting: ContextEngine = {
    ...engine,
    members: engine.members,
    initialise: (...args) => engine.initialise(...args),
    events: (...args) => engine.events(...args),
    close: () => engine.close(),
    call: async (member, method, args, options) => {
      if (method === 'contribute') sent += sealedBytes(args)
      return await engine.call(member, method, args, options)
    },
  }
  const tenants = new Tenants(
    HOSPITALS.map((slug) => ({ slug, organisation: slugToOrganisationId(slug), role: 'hospital' as const, name: slug })),
  )
  const circle = new Circle({ engine: new CircleEngine(async () => counting), idOf: () => 'bench', tenants, seats: HOSPITALS })
  const ring = new KeyRing(randomBytes(32))
  const pairs = new ContextKeys(ring, tenants)
  const keysOf = async (organisation: OrganisationId): Promise<ContextKeyPair> => (await pairs.of(organisation))!
  for (const { name, executor } of engine.members) {
    const member = {
      executor,
      organisation: slugToOrganisationId(name),
      kind: 'hospital',
      encryption_key_base64: Buffer.from((await keysOf(slugToOrganisationId(name))).publicBytes).toString('base64'),
    }
    await engine.call('mercy', 'admit_member', member)
  }
  let ranked = 0
  const people = Array.from({ length: Math.ceil(NUMBERS / HOSPITALS.length) }, (_, n) => ({
    value: (n * 7) % 400,
    ageDecade: n % 11,
    gender: n % 2,
    enteredS: 0,
  }))
  const cases = Array.from({ length: CASES }, (_, n) => ({ caseId: `case-${n}`, score: (n * 37) % 101 }))
  const rounds = new Rounds({
    circle,
    log: pino({ level: 'silent' }),
    clock: systemClock,
    events: new BoundedEventHub('bench'),
    sources: { values: async () => people, waitingCases: async () => cases },
    isTrusted: async () => true,
    keysOf,
    vaultKeyOf: (slug) => ring.ofTenant(slug, 'round-vault'),
    restS: 0,
    onRanks: async (_, { total }) => {
      if (total === HOSPITALS.length * CASES) ranked += 1
    },
  })
  rounds.start()
  const [seat] = circle.seats
  if (seat === undefined) throw new RangeError('there is a place')
  return {
    rank: async () => {
      ranked = 0
      await rounds.openRanking(seat, STAFF, CASES)
      await until(async () => ranked === HOSPITALS.length)
    },
    aggregate: async () => {
      const id = await rounds.openStatistics(seat, VARIANCE, STAFF)
      await until(async () => (await Promise.all(circle.seats.map((each) => rounds.get(each, id)))).every(({ isConfirmed }) => isConfirmed))
    },
    sentBytes: () => sent,
    stop: async () => {
      const stopped = rounds.stop()
      await circle.close()
      await stopped
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + 60_000
  while (!(await isDone())) {
    if (performance.now() > untilMs) throw new RangeError('a round did not end')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function sealedBytes(args: unknown): number {
  const { messages } = args as { readonly messages: readonly { readonly sealed: string }[] }
  return messages.reduce((sum, { sealed }) => sum + (sealed.length * 3) / 4, 0)
}

async function bestMs(work: () => Promise<void>): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const beganMs = performance.now()
    await work()
    times.push(performance.now() - beganMs)
  }
  return Math.round(Math.min(...times))
}
