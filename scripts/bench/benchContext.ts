import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedEngine, openEmbeddedEngine } from '@medsync/context/embedded'
import { inProject } from '../paths.ts'
import { quantile } from './quantile.ts'
import { printTable } from './table.ts'

const PATIENTS = 20_000
/** Calls before the clock runs: a new method is compiled while it is used. */
const WARM_UP = 150
const RUN_MS = 2_000
const TOLD_EVERY = 20_000
const MIB = 1_048_576
const VALUE_BASE64 = Buffer.alloc(300, 7).toString('base64')

/**
 * What the embedded engine of the private context does in a second, its folder sealed, every write on the disk before it is confirmed; small and
 * large. Time on a core is told, too: unlike the rates it says little of what else the machine does.
 */
export async function benchContext(entries: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'medsync-bench-'))
  const wasm = await readFile(inProject('calimero-app', 'res', 'medsync.wasm'))
  const storeKey = randomBytes(32)
  const open = () => timed(() => openEmbeddedEngine({ folder, wasm, storeKey, members: ['mercy', 'lakeside'] }))
  try {
    const { result: engine, ms: firstMs } = await open()
    await engine.initialise('mercy', { admin_organisation: '0x1', kind: 'hospital' })
    const small = await measure(engine)
    const { ms: filledMs } = await timed(() => fill(engine, entries))
    const large = await measure(engine)
    const usedMib = Math.round(process.memoryUsage.rss() / MIB)
    await engine.close()
    const { result: again, ms: againMs } = await open()
    const page = await timed(() => again.call('mercy', 'catalogue_page', { after: null, limit: 200 }))
    await again.close()
    console.log('\nThe private context, embedded engine (sealed; one call after the other, each write on the disk before its answer)')
    printTable(
      ['call', 'a second, empty', `a second, ${entries.toLocaleString('en')} entries`, 'ms, half within', 'ms, 99 % within', 'CPU ms'],
      Object.entries(large).map(([name, { aSecond, ms, cpuMs }]) => [
        name,
        small[name]?.aSecond ?? 0,
        aSecond,
        quantile(ms, 0.5).toFixed(1),
        quantile(ms, 0.99).toFixed(1),
        cpuMs.toFixed(2),
      ]),
    )
    printTable(
      [`with ${entries.toLocaleString('en')} catalogue entries`, 'is'],
      [
        ['start of an empty context, ms', Math.round(firstMs)],
        ['start, ms', Math.round(againMs)],
        ['first page after the start, ms', Math.round(page.ms)],
        ['to list them all, one call each, s', Math.round(filledMs / 1_000)],
        ['memory of the whole process, MiB', usedMib],
        ['on disk, MiB', Math.round((await folderBytes(folder)) / MIB)],
      ],
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** `cpuMs` is what one call takes of all cores, on all threads. */
type Rates = Record<string, { readonly aSecond: number; readonly ms: readonly number[]; readonly cpuMs: number }>

async function measure(engine: EmbeddedEngine): Promise<Rates> {
  return {
    'read: who am I': await rate(() => engine.call('mercy', 'whoami', {})),
    'read: records of a patient': await rate((n) =>
      engine.call('mercy', 'catalogue_of', { patient: patientOf(n), after: null, limit: 50 }),
    ),
    'read: private value': await rate((n) => engine.call('mercy', 'get_private', { space: 'records', key: `key-${n % 100}` })),
    'write: catalogue entry': await rate((n) => list(engine, n)),
    'write: private value': await rate((n) =>
      engine.call('mercy', 'put_private', { space: 'records', key: `key-${n}`, value_base64: VALUE_BASE64 }),
    ),
  }
}

async function rate(work: (n: number) => Promise<unknown>): Promise<Rates[string]> {
  for (let n = 0; n < WARM_UP; n += 1) await work(n)
  const ms: number[] = []
  const startedMs = performance.now()
  const startedCpu = process.cpuUsage()
  while (performance.now() - startedMs < RUN_MS) ms.push((await timed(() => work(ms.length + WARM_UP))).ms)
  const { user, system } = process.cpuUsage(startedCpu)
  return { aSecond: Math.round((ms.length * 1_000) / (performance.now() - startedMs)), ms, cpuMs: (user + system) / 1_000 / ms.length }
}

async function fill(engine: EmbeddedEngine, entries: number): Promise<void> {
  console.log(`\nListing ${entries.toLocaleString('en')} records in the private context, one call each; some minutes.`)
  for (let n = 1; n <= entries; n += 1) {
    await list(engine, n)
    if (n % TOLD_EVERY === 0) console.log(`  ${n.toLocaleString('en')}`)
  }
}

function list(engine: EmbeddedEngine, n: number): Promise<unknown> {
  return engine.call('mercy', 'put_catalogue_entry', { record: randomUUID(), patient: patientOf(n) })
}

function patientOf(n: number): string {
  return `0x${(1 + (n % PATIENTS)).toString(16)}`
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const startedMs = performance.now()
  const result = await work()
  return { result, ms: performance.now() - startedMs }
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true })
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
