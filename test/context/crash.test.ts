import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StorageError } from '@medsync/context/engine'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { failureOf, openEngine, temporaryFolder } from './engineStage.ts'
import { roughApp } from './roughApp.ts'

const SEED = 20261121
const ROUNDS = 8
const State = z.object({ n: z.number() }).nullable()

/** Numbers from 0 on and below 1, the same for the same seed. @source mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Lets a process write and kills it some time after its first confirmed call. @returns The last call that it heard confirmed. */
async function writeAndKill(folder: string, afterMs: number, storeKey?: Buffer): Promise<number> {
  const args = [join(import.meta.dirname, 'crashWriter.ts'), folder, ...(storeKey === undefined ? [] : [storeKey.toString('hex')])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  await once(child.stdout, 'data')
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  child.kill('SIGKILL')
  await once(child, 'close')
  return Number(said.trimEnd().split('\n').at(-1))
}

test.each([
  { name: 'plain', key: {} },
  { name: 'sealed', key: { storeKey: Buffer.alloc(32, 7) } },
])(
  '$name: kill -9 at random moments loses no confirmed call and leaves no half one, shared and private alike',
  {
    timeout: 180_000,
  },
  async ({ key }) => {
    const folder = await temporaryFolder()
    const random = randomFrom(SEED)
    let last = 0
    for (let round = 1; round <= ROUNDS; round += 1) {
      const confirmed = await writeAndKill(folder, Math.floor(random() * 300), key.storeKey)
      expect(confirmed, `round ${round}`).toBeGreaterThan(last)
      const engine = await openEngine({ folder, members: [], ...key })
      const shared = State.parse(await engine.call('mercy', 'get', {}))?.n ?? 0
      expect([confirmed, confirmed + 1], `round ${round}`).toContain(shared)
      const own = [
        State.parse(await engine.call('mercy', 'get_private', {}))?.n,
        State.parse(await engine.call('lakeside', 'get_private', {}))?.n,
      ]
      expect(own, `round ${round}`).toEqual(shared % 2 === 0 ? [shared, shared - 1] : [shared - 1 || undefined, shared])
      await engine.close()
      last = shared
    }
  },
)

test('error: a folder in use is refused, in this process and from another, and free again as soon as its holder is dead', async () => {
  const folder = await temporaryFolder()
  const engine = await openEngine({ folder })
  expect(await failureOf(openEngine({ folder }))).toBe(
    'StorageError: Another process uses this folder. Stop it first, or take another folder.',
  )
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crashWriter.ts'), folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  await once(child, 'close')
  expect(said).toContain('context/storage-in-use')
  await engine.close()
  await writeAndKill(folder, 0)
  await (await openEngine({ folder })).close()
})

test('error: with no room left a call fails as such, reads go on, and with room again so do writes', async () => {
  const folder = await temporaryFolder()
  const engine = await openEngine({ folder, sizeLimitBytes: 60_000 })
  await engine.initialise('mercy', {})
  const filling = 'f'.repeat(9_000)
  let kept = 0
  let failure: unknown
  for (let n = 1; n <= 20 && failure === undefined; n += 1) {
    failure = await engine.call('mercy', 'put_both', { n, filling }).then(
      () => {
        kept = n
      },
      (cause: unknown) => cause,
    )
  }
  expect(failure).toBeInstanceOf(StorageError)
  expect(failure).toMatchObject({ reason: 'full', code: 'context/storage-full' })
  for (let again = 0; again < 3; again += 1) {
    expect(await failureOf(engine.call('lakeside', 'put_both', { n: 99, filling }))).toContain('There is no room left on the disk.')
  }
  expect(await engine.call('lakeside', 'get', {})).toEqual({ n: kept, filling })
  expect(await engine.call('lakeside', 'get_private', {})).toBeNull()
  await engine.call('mercy', 'put', { n: 50 })
  await engine.close()
  const roomier = await openEngine({ folder })
  expect(await roomier.call('mercy', 'get', {})).toEqual({ n: 50 })
  expect(await roomier.call('mercy', 'get_private', {})).toEqual({ n: kept, filling })
  await roomier.call('lakeside', 'put_both', { n: 99, filling })
})

test('files and folders are for their owner alone', async () => {
  const folder = await temporaryFolder()
  const engine = await openEngine({ folder: join(folder, 'context') })
  await engine.initialise('mercy', {})
  for (const name of ['context', ...(await readdir(folder, { recursive: true }))]) {
    expect((await stat(join(folder, name))).mode & 0o077, name).toBe(0)
  }
})

test('another app on the same folder reads the same state', async () => {
  const folder = await temporaryFolder()
  const engine = await openEngine({ folder })
  await engine.initialise('mercy', {})
  await engine.call('mercy', 'put', { n: 1 })
  await engine.close()
  expect(await (await openEngine({ folder, wasm: roughApp({ pages: 201 }) })).call('mercy', 'get', {})).toEqual({ n: 1 })
})
