import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Disk } from '../disk/disk.ts'
import { CallFailure } from '../failure.ts'
import { ContextStore } from './contextStore.ts'
import { CrashingDisk, type Fault, Killed } from './crashingDisk.ts'

/** Journals this short are replaced often. */
const options = { leastJournalBytes: 600 }
const CALLS = 10
const MEMBERS = ['mercy', 'lakeside']
/** Each step of the disk has a run of its own. */
const patient = { timeout: 120_000 }

const root = mkdtempSync(join(tmpdir(), 'medsync-store-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function folder(): string {
  return mkdtempSync(join(root, 'one-'))
}

/** Call number `n` writes its number into the shared store and, two times of three, into its member's own. */
function callOf(store: ContextStore, n: number): void {
  const member = MEMBERS[n % 2] ?? ''
  const { shared, private: own } = store.begin(member)
  shared.set('last', String(n))
  shared.set(`value-${n % 5}`, 'v'.repeat(n * 9))
  if (n % 4 === 0) shared.remove(`value-${(n + 1) % 5}`)
  shared.setOrdered(`k${n % 3}`, String(n))
  if (n % 3 !== 0) own.set('last', `private ${n}`)
  store.commit({ member, shared, private: own, root: 'r'.repeat(32), hasEvents: false, timeNs: BigInt(n) })
  store.compactLong()
}

/** All that a store holds. */
function contents(store: ContextStore): unknown {
  const { shared } = store.begin('mercy')
  const values = ['last', 'value-0', 'value-1', 'value-2', 'value-3', 'value-4'].map((key) => shared.get(key))
  const own = MEMBERS.map((member) => store.begin(member).private.get('last'))
  return { values, ordered: shared.scan('a', 'z', 0, 99), own, timeNs: store.timeNs, isInitialised: store.isInitialised }
}

/** Contents after each number of calls, from an undisturbed run. */
function undisturbed(): unknown[] {
  const store = ContextStore.open(folder(), new Disk(), options)
  for (const member of MEMBERS) store.addMember(member)
  const after = [contents(store)]
  for (let n = 1; n <= CALLS; n += 1) {
    callOf(store, n)
    after.push(contents(store))
  }
  store.close()
  return after
}

/** Runs the calls on a disk with a fault. @returns How many were confirmed. */
function run(path: string, fault: Fault | undefined): { confirmed: number; disk: CrashingDisk; refused: CallFailure[] } {
  const disk = new CrashingDisk(fault)
  const refused: CallFailure[] = []
  let confirmed = 0
  try {
    const store = ContextStore.open(path, disk, options)
    for (const member of MEMBERS) store.addMember(member)
    for (let n = 1; n <= CALLS; n += 1) {
      callOf(store, n)
      confirmed = n
    }
    store.close()
  } catch (cause) {
    if (cause instanceof CallFailure) refused.push(cause)
    else if (!(cause instanceof Killed)) throw cause
  }
  return { confirmed, disk, refused }
}

function reopened(path: string): ContextStore {
  const store = ContextStore.open(path, new Disk(), options)
  for (const member of MEMBERS) store.addMember(member)
  return store
}

const expected = undisturbed()
const stepsInAll = run(folder(), undefined).disk.steps

test('an undisturbed run compacts, and is read again as it was', () => {
  const path = folder()
  expect(run(path, undefined).confirmed).toBe(CALLS)
  expect(readdirSync(join(path, 'shared')).join()).toMatch(/journal-[3-9],snapshot-[3-9]/)
  const store = reopened(path)
  expect(contents(store)).toEqual(expected[CALLS])
  store.close()
})

test(
  'a kill at any step of the disk loses no confirmed call and leaves no half one, also when the next start is killed, too',
  patient,
  () => {
    expect(stepsInAll).toBeGreaterThan(80)
    for (let step = 1; step <= stepsInAll; step += 1) {
      const path = folder()
      const { confirmed } = run(path, { step, is: 'kill' })
      for (const again of [1, 3]) {
        try {
          ContextStore.open(path, new CrashingDisk({ step: again, is: 'kill' }), options).close()
        } catch (cause) {
          if (!(cause instanceof Killed) && !(cause instanceof CallFailure)) throw cause
        }
      }
      const store = reopened(path)
      const found = contents(store)
      const whole = expected.findIndex((state) => JSON.stringify(state, textOf) === JSON.stringify(found, textOf))
      expect([confirmed, confirmed + 1], `step ${step}`).toContain(whole)
      for (let n = whole + 1; n <= CALLS; n += 1) callOf(store, n)
      expect(contents(store), `step ${step}`).toEqual(expected[CALLS])
      store.close()
      rmSync(path, { recursive: true })
    }
  },
)

test(
  'error: a disk that is full at any step refuses the call; what was there stays, and when there is room again it goes on',
  patient,
  () => {
    for (let step = 1; step <= stepsInAll; step += 1) {
      const path = folder()
      const { confirmed, refused } = run(path, { step, is: 'full' })
      for (const { failure } of refused) expect(failure).toMatchObject({ is: 'storage', reason: 'full' })
      const store = reopened(path)
      expect(contents(store), `step ${step}`).toEqual(expected[confirmed])
      store.close()
      rmSync(path, { recursive: true })
    }
  },
)

test('error: a disk that is full refuses a call of an open store, which still reads, and takes the call when there is room', () => {
  const path = folder()
  const base = run(path, undefined).disk.steps
  expect(base).toBe(stepsInAll)
  // Opening takes some steps; the next append is the one that finds no room.
  const probe = new CrashingDisk()
  ContextStore.open(path, probe, options).close()
  const store = ContextStore.open(path, new CrashingDisk({ step: probe.steps + 1, is: 'full' }), options)
  expect(() => callOf(store, 16)).toThrow(CallFailure)
  expect(contents(store)).toEqual(expected[CALLS])
  callOf(store, 16)
  expect(contents(store)).toMatchObject({ values: expect.arrayContaining(['16']), timeNs: 16n })
  store.close()
})

test(
  'error: a disk that fails at any step loses nothing confirmed, and what it may have taken is there wholly or not at all',
  patient,
  () => {
    for (let step = 1; step <= stepsInAll; step += 1) {
      const path = folder()
      const { confirmed } = run(path, { step, is: 'broken' })
      const store = reopened(path)
      const whole = expected.findIndex((state) => JSON.stringify(state, textOf) === JSON.stringify(contents(store), textOf))
      expect([confirmed, confirmed + 1], `step ${step}`).toContain(whole)
      store.close()
      rmSync(path, { recursive: true })
    }
  },
)

test.each(['shared/journal', 'shared/snapshot', 'members/mercy/journal', 'members/mercy/identity', 'context'])(
  'error: %s with another byte in its middle, or gone, is damage, and is left as it is',
  (file) => {
    const path = folder()
    run(path, undefined)
    const name = readdirSync(path, { recursive: true, encoding: 'utf8' }).find((one) => one.startsWith(file))
    if (name === undefined) throw new Error(`no ${file}`)
    const target = join(path, name)
    const bytes = readFileSync(target)
    const before = folder()
    cpSync(path, before, { recursive: true })
    rmSync(target)
    expectDamage(path)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff
    bytes[3] = (bytes[3] ?? 0) ^ 0xff
    writeFileSync(target, bytes)
    expectDamage(path)
    expect(readFileSync(target)).toEqual(bytes)
  },
)

function expectDamage(path: string): void {
  try {
    ContextStore.open(path, new Disk(), options)
  } catch (cause) {
    expect(cause instanceof CallFailure ? cause.failure : cause).toMatchObject({ is: 'storage', reason: 'damaged' })
    return
  }
  throw new Error('the damage was not seen')
}

function textOf(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value === undefined ? null : value
}
