import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { callApp } from '@medsync/context/app'
import { EngineError } from '@medsync/context/engine'
import { type Network, startNetwork } from '../nodes/startNetwork.ts'
import { findNode } from '../toolchain/ensureNode.ts'
import { quantile } from './quantile.ts'
import { printTable } from './table.ts'

const HOSPITALS = { mercy: '0x1', lakeside: '0x2', stclare: '0x3' }
const NAMES = Object.keys(HOSPITALS)
const SAMPLES = 50
const RUN_MS = 3_000
const MIB = 1_048_576
const LOOK_EVERY_MS = 5
const TRIES = 3

/** What the private context takes on three real nodes of this machine; nothing is measured, and that is said, where there is no node. */
export async function benchNetwork(): Promise<void> {
  const found = await findNode()
  if (found === undefined) return console.log('\nNo Calimero node is here: the network is not measured. `npm run node:build` makes one.')
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      return await measureIn(await mkdtemp(join(tmpdir(), 'medsync-bench-')), found.path)
    } catch (failure) {
      if (!(failure instanceof EngineError) || failure.code !== 'context/node-away') throw failure
      console.log('\nA node stopped answering, a fault of rc.4 when it is read while entries arrive; measured anew.')
    }
  }
}

async function measureIn(folder: string, binary: string): Promise<void> {
  try {
    const startedMs = performance.now()
    const network = await startNetwork({ binary, folder, hospitals: HOSPITALS })
    const upMs = performance.now() - startedMs
    try {
      await measure(network, folder, upMs)
    } finally {
      await network.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(network: Network, folder: string, upMs: number): Promise<void> {
  const idleMib = await memoryMib(folder)
  await rate(() => list(network, randomUUID()))
  const arrivals = await arrivalsOf(network)
  const writes = await rate(() => list(network, randomUUID()))
  const reads = await rate(() => callApp(network.engine, 'mercy', 'catalogue_of', { patient: patientOf(1) }))
  const restartMs = await restart(network)
  const [bytes, busyMib] = [await folderBytes(folder), await memoryMib(folder)]
  console.log('\nThe private context, three Calimero nodes on this machine (one call after the other through one node)')
  printTable(
    ['call', 'a second', 'ms, half within', 'ms, 95 % within'],
    [
      ['write: catalogue entry', ...speed(writes)],
      ['read: records of a patient', ...speed(reads)],
      ['write until it is readable on both other nodes', '', ...halves(arrivals)],
    ],
  )
  printTable(
    ['three nodes', 'is'],
    [
      ['start of the nodes until their circle works, s', (upMs / 1_000).toFixed(1)],
      ['a node’s start after its end, until it answers a call, ms', Math.round(restartMs)],
      ['memory a node, at first, MiB', Math.round(idleMib)],
      [`memory a node, after ${(writes.length * 2).toLocaleString('en')} writes, MiB`, Math.round(busyMib)],
      ['on disk a node, MiB', (bytes / MIB / NAMES.length).toFixed(1)],
    ],
  )
}

function list(network: Network, record: string): Promise<boolean> {
  return callApp(network.engine, 'mercy', 'put_catalogue_entry', { record, patient: patientOf(record.codePointAt(0) ?? 0) })
}

function patientOf(n: number): string {
  return `0x${n.toString(16)}`
}

/** For each of some writes, how long from its beginning until both other nodes give it. */
async function arrivalsOf(network: Network): Promise<number[]> {
  const ms: number[] = []
  for (let n = 0; n < SAMPLES; n++) {
    const [record, patient] = [randomUUID(), `0xa${n.toString(16)}`]
    const startedMs = performance.now()
    const written = callApp(network.engine, 'mercy', 'put_catalogue_entry', { record, patient })
    await Promise.all([written, ...NAMES.slice(1).map((name) => untilReadable(network, name, patient))])
    ms.push(performance.now() - startedMs)
  }
  return ms
}

async function untilReadable(network: Network, name: string, patient: string): Promise<void> {
  while ((await callApp(network.engine, name, 'catalogue_of', { patient })).entries.length === 0) await sleep(LOOK_EVERY_MS)
}

async function restart(network: Network): Promise<number> {
  const seat = network.seatOf('stclare')
  await seat.node.stop()
  const startedMs = performance.now()
  await seat.restart()
  await callApp(network.engine, 'stclare', 'whoami', {})
  return performance.now() - startedMs
}

async function rate(work: () => Promise<unknown>): Promise<number[]> {
  const ms: number[] = []
  const startedMs = performance.now()
  while (performance.now() - startedMs < RUN_MS) {
    const beganMs = performance.now()
    await work()
    ms.push(performance.now() - beganMs)
  }
  return ms
}

function speed(ms: readonly number[]): (string | number)[] {
  return [Math.round((ms.length * 1_000) / ms.reduce((sum, each) => sum + each, 0)), ...halves(ms)]
}

function halves(ms: readonly number[]): string[] {
  return [quantile(ms, 0.5).toFixed(1), quantile(ms, 0.95).toFixed(1)]
}

/** Mean resident memory of the programs that run from this folder; 0 where /proc is not there. */
async function memoryMib(folder: string): Promise<number> {
  const processes = await readdir('/proc').catch(() => [])
  const sizes = await Promise.all(processes.filter((name) => /^\d+$/.test(name)).map((pid) => nodeKib(pid, folder)))
  const nodes = sizes.filter((size) => size > 0)
  return nodes.length === 0 ? 0 : nodes.reduce((sum, size) => sum + size, 0) / nodes.length / 1_024
}

async function nodeKib(pid: string, folder: string): Promise<number> {
  const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')
  const [program, home] = (await read('cmdline')).split('\0')
  if (program?.includes('calimero-node') !== true || home?.startsWith(folder) !== true) return 0
  return Number(/^VmRSS:\s+(\d+)/m.exec(await read('status'))?.[1] ?? 0)
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const sizes = entries.filter((entry) => entry.isFile()).map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
