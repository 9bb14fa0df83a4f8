import { createSecretKey, type KeyObject } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { CallFailure } from '../failure.ts'
import { ContextStore, type OpenContext } from './contextStore.ts'
import { CrashingDisk, type Fault, Killed } from './crashingDisk.ts'

/** Journals this short are replaced often. */
const options: OpenContext = { leastJournalBytes: 600 }
const sealed: OpenContext = { ...options, storeKey: keyOf(7) }
const CALLS = 10
const MEMBERS = ['mercy', 'lakeside']
/** Each step of the disk has a run of its own. */
const patient = { timeout: 120_000 }

const root = mkdtempSync(join(tmpdir(), 'medsync-store-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function keyOf(byte: number): KeyObject {
  return createSecretKey(Buffer.alloc(32, byte))
}

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
  const store = ContextStore.open(folder(), new CrashingDisk(), options)
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
function run(path: string, fault: Fault | undefined, how: OpenContext): { confirmed: number; disk: CrashingDisk; refused: CallFailure[] } {
  const disk = new CrashingDisk(fault)
  const refused: CallFailure[] = []
  let confirmed = 0
  try {
    const store = ContextStore.open(path, disk, how)
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

function reopened(path: string, how: OpenContext): ContextStore {
  const store = ContextStore.open(path, new CrashingDisk(), how)
  for (const member of MEMBERS) store.addMember(member)
  return store
}

const expected = undisturbed()

describe.each([
  { name: 'plain', how: options },
  { name: 'sealed', how: sealed },
])('a $name store', ({ how }) => {
  const stepsInAll = run(folder(), undefined, how).disk.steps

  test('an undisturbed run compacts, and is read again as it was', () => {
    const path = folder()
    expect(run(path, undefined, how).confirmed).toBe(CALLS)
    expect(readdirSync(join(path, 'shared')).join()).toMatch(/journal-[3-9],snapshot-[3-9]/)
    const store = reopened(path, how)
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
        const { confirmed } = run(path, { step, is: 'kill' }, how)
        for (const again of [1, 3]) {
          try {
            ContextStore.open(path, new CrashingDisk({ step: again, is: 'kill' }), how).close()
          } catch (cause) {
            if (!(cause instanceof Killed) && !(cause instanceof CallFailure)) throw cause
          }
        }
        const store = reopened(path, how)
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
        const { confirmed, refused } = run(path, { step, is: 'full' }, how)
        for (const { failure } of refused) expect(failure).toMatchObject({ is: 'storage', reason: 'full' })
        const store = reopened(path, how)
        expect(contents(store), `step ${step}`).toEqual(expected[confirmed])
        store.close()
        rmSync(path, { recursive: true })
      }
    },
  )

  test('error: a disk that is full refuses a call of an open store, which still reads, and takes the call when there is room', () => {
    const path = folder()
    const base = run(path, undefined, how).disk.steps
    expect(base).toBe(stepsInAll)
    // Opening takes some steps; the next append is the one that finds no room.
    const probe = new CrashingDisk()
    ContextStore.open(path, probe, how).close()
    const store = ContextStore.open(path, new CrashingDisk({ step: probe.steps + 1, is: 'full' }), how)
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
        const { confirmed } = run(path, { step, is: 'broken' }, how)
        const store = reopened(path, how)
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
      run(path, undefined, how)
      const name = readdirSync(path, { recursive: true, encoding: 'utf8' }).find((one) => one.startsWith(file))
      if (name === undefined) throw new Error(`no ${file}`)
      const target = join(path, name)
      const bytes = readFileSync(target)
      const before = folder()
      cpSync(path, before, { recursive: true })
      rmSync(target)
      expectDamage(path, how)
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff
      bytes[3] = (bytes[3] ?? 0) ^ 0xff
      writeFileSync(target, bytes)
      expectDamage(path, how)
      expect(readFileSync(target)).toEqual(bytes)
    },
  )
})

test('a sealed store holds no value, key, name of a value or private key in clear', () => {
  const path = folder()
  run(path, undefined, sealed)
  expect(clearIn(path)).toEqual([])
  const plain = folder()
  run(plain, undefined, options)
  expect(clearIn(plain).length).toBeGreaterThan(4)
})

test('a plain folder opened with a key is sealed at once, values and identities kept, and says so once', () => {
  const path = folder()
  run(path, undefined, options)
  const before = openedMembers(path, options)
  const store = ContextStore.open(path, new CrashingDisk(), sealed)
  expect(store.isNewlySealed).toBe(true)
  expect(clearIn(path)).toEqual([])
  expect(store.members).toEqual(before)
  expect(contents(store)).toEqual(expected[CALLS])
  store.close()
  const again = reopened(path, sealed)
  expect(again.isNewlySealed).toBe(false)
  expect(contents(again)).toEqual(expected[CALLS])
  again.close()
  expectDamage(path, options, 'no store key was given')
})

test('sealing that is killed, full or broken at any step loses nothing and is finished by the next start', patient, () => {
  const first = folder()
  run(first, undefined, options)
  const before = openedMembers(first, options)
  const probe = new CrashingDisk()
  const copy = copyOf(first)
  ContextStore.open(copy, probe, sealed).close()
  expect(probe.steps).toBeGreaterThan(30)
  for (let step = 1; step <= probe.steps; step += 1) {
    for (const is of ['kill', 'full', 'broken'] as const) {
      const path = copyOf(first)
      try {
        ContextStore.open(path, new CrashingDisk({ step, is }), sealed).close()
      } catch (cause) {
        if (!(cause instanceof Killed) && !(cause instanceof CallFailure)) throw cause
      }
      const store = ContextStore.open(path, new CrashingDisk(), sealed)
      expect(store.members, `${is} at ${step}`).toEqual(before)
      expect(contents(store), `${is} at ${step}`).toEqual(expected[CALLS])
      expect(clearIn(path), `${is} at ${step}`).toEqual([])
      store.close()
      rmSync(path, { recursive: true })
    }
  }
})

test('error: a sealed folder with another key, or none, is damage that names the key, and is left as it is', () => {
  const path = folder()
  run(path, undefined, sealed)
  const before = filesOf(path)
  expectDamage(path, { ...options, storeKey: keyOf(8) }, 'another store key')
  expectDamage(path, options, 'no store key was given')
  expect(filesOf(path)).toEqual(before)
})

test('error: another key is found out also when somebody wrote its check, or plain, into the folder', () => {
  const path = folder()
  run(path, undefined, sealed)
  const about = join(path, 'context.json')
  const { contextId } = JSON.parse(readFileSync(about, 'utf8'))
  writeFileSync(about, JSON.stringify({ format: 1, contextId }))
  expectDamage(path, { ...options, storeKey: keyOf(8) }, 'does not open with the store key')
  expectDamage(path, options, 'does not open with the store key')
  const other = folder()
  run(other, undefined, { ...options, storeKey: keyOf(8) })
  cpSync(join(other, 'context.json'), about)
  expectDamage(path, { ...options, storeKey: keyOf(8) }, 'does not open with the store key')
})

test('error: files of a plain folder, of another folder with the same key, or of another place are refused in a sealed one', () => {
  const [plain, other] = [folder(), folder()]
  run(plain, undefined, options)
  run(other, undefined, sealed)
  const first = folder()
  run(first, undefined, sealed)
  for (const from of [plain, other]) {
    for (const name of ['shared', 'members/mercy', 'members/mercy/identity.json']) {
      const path = copyOf(first)
      rmSync(join(path, name), { recursive: true })
      cpSync(join(from, name), join(path, name), { recursive: true })
      expectDamage(path, sealed, 'store key')
    }
  }
  const swapped = copyOf(first)
  cpSync(join(first, 'members', 'lakeside'), join(swapped, 'members', 'mercy'), { recursive: true })
  expectDamage(swapped, sealed, 'store key')
})

test('error: plain stores that somebody put beside sealed identities are refused, whatever the folder says of itself', () => {
  const [path, plain] = [folder(), folder()]
  run(path, undefined, sealed)
  run(plain, undefined, options)
  const { contextId } = JSON.parse(readFileSync(join(path, 'context.json'), 'utf8'))
  writeFileSync(join(path, 'context.json'), JSON.stringify({ format: 1, contextId }))
  rmSync(join(path, 'shared'), { recursive: true })
  cpSync(join(plain, 'shared'), join(path, 'shared'), { recursive: true })
  expectDamage(path, sealed, 'without the store key')
})

function openedMembers(path: string, how: OpenContext): ContextStore['members'] {
  const store = ContextStore.open(path, new CrashingDisk(), how)
  store.close()
  return store.members
}

function copyOf(path: string): string {
  const copy = folder()
  cpSync(path, copy, { recursive: true })
  return copy
}

/** Every file with its bytes. */
function filesOf(path: string): [string, string][] {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'latin1')])
}

/** Files that show what a call wrote, or a private key. */
function clearIn(path: string): string[] {
  const clear = /value-\d|vvvv|private \d|privateKey|last|rrrr/
  return filesOf(path).flatMap(([name, bytes]) => (clear.test(bytes) ? [name] : []))
}

function expectDamage(path: string, how: OpenContext, details = ''): void {
  try {
    ContextStore.open(path, new CrashingDisk(), how)
  } catch (cause) {
    const failure = cause instanceof CallFailure ? cause.failure : cause
    expect(failure).toMatchObject({ is: 'storage', reason: 'damaged', details: expect.stringContaining(details) })
    return
  }
  throw new Error('the damage was not seen')
}

function textOf(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value === undefined ? null : value
}
