// Worker thread of the embedded engine: it alone touches the files, and runs the app.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { Disk } from './disk/disk.ts'
import { storageFailure } from './disk/storageFailure.ts'
import { broken, CallFailure, type Failure } from './failure.ts'
import { ContextStore } from './store/contextStore.ts'
import { GuestClock } from './wasm/guestClock.ts'
import { MethodRunner } from './wasm/methodRunner.ts'
import type { Outcome } from './wasm/outcome.ts'
import { cpuMs, phase, type Reply, type Request, type WireEvent, type WorkerSettings, word } from './wire.ts'

const INIT = 'init'
const settings: WorkerSettings = workerData
const runner = new MethodRunner(settings)

start()

function start(): void {
  try {
    const disk = new Disk(settings.sizeLimitBytes, usedBytes(settings.folder))
    const store = ContextStore.open(settings.folder, disk, { storeKey: settings.storeKey })
    const clock = new GuestClock(store.timeNs)
    parentPort?.on('message', (request: Request) => serve(request, store, clock))
    say({ is: 'open', members: store.members, isInitialised: store.isInitialised, isNewlySealed: store.isNewlySealed })
  } catch (cause) {
    say({ is: 'not-open', failure: failureOf(cause) })
  }
}

function serve(request: Request, store: ContextStore, clock: GuestClock): void {
  const { id } = request
  try {
    if (request.is === 'call') call(request, store, clock)
    else if (request.is === 'add-member') {
      store.addMember(request.member)
      say({ is: 'done', id, json: 'null', events: [], members: store.members })
    } else {
      store.close()
      say({ is: 'done', id, json: 'null', events: [], members: undefined })
      parentPort?.close()
    }
  } catch (cause) {
    Atomics.store(settings.words, word.phase, phase.waiting)
    say({ is: 'failed', id, failure: failureOf(cause) })
  }
}

function call(request: Request & { is: 'call' }, store: ContextStore, clock: GuestClock): void {
  const { id, member, method } = request
  const isInit = method === INIT
  if (isInit && store.isInitialised) throw new CallFailure({ is: 'already-initialised' })
  if (!isInit && !store.isInitialised) throw new CallFailure({ is: 'not-initialised' })
  const { shared, private: own } = store.begin(member)
  Atomics.store(settings.words, word.startedCpuMs, cpuMs(process.threadCpuUsage()))
  Atomics.store(settings.words, word.phase, phase.running)
  let outcome: Outcome
  try {
    outcome = runner.run({
      method,
      input: Buffer.from(request.input, 'utf8').toString('latin1'),
      contextId: Buffer.from(store.contextId, 'hex').toString('latin1'),
      executorId: Buffer.from(store.executorOf(member) ?? '', 'hex').toString('latin1'),
      shared,
      private: own,
      clock,
    })
  } catch (cause) {
    shared.rollBack()
    own.rollBack()
    throw cause
  }
  // As a node does: what a method wrote is kept only when it committed, and a commit of a call has a delta.
  if (outcome.root === undefined) {
    shared.rollBack()
    own.rollBack()
  } else if (outcome.artifact === '' && !isInit) {
    shared.rollBack()
    own.rollBack()
    throw broken('a commit without a delta')
  }
  claimKeeping()
  const hasEvents = outcome.events.length > 0
  const sequence = store.commit({ member, shared, private: own, root: outcome.root, hasEvents, timeNs: clock.lastNs })
  Atomics.store(settings.words, word.phase, phase.waiting)
  const events: WireEvent[] = outcome.events.map((event, index) => ({ id: `${sequence}-${index}`, ...event }))
  say({ is: 'done', id, json: outcome.returned?.json ?? 'null', events, members: undefined })
  say({ is: 'log', line: { event: 'call', member, method, outcome: 'ok', appLines: outcome.logLines } })
  for (const name of store.compactLong()) say({ is: 'log', line: { event: 'not-compacted', member: name } })
}

/** When the timer was first, this thread is about to be ended: nothing may be written any more. */
function claimKeeping(): void {
  if (Atomics.compareExchange(settings.words, word.phase, phase.running, phase.keeping) === phase.running) return
  for (;;) Atomics.wait(settings.words, word.phase, phase.ended)
}

function failureOf(cause: unknown): Failure {
  if (cause instanceof CallFailure) return cause.failure
  if (cause instanceof Error && 'code' in cause) return storageFailure(cause).failure
  return { is: 'trap', place: 'host', words: String(cause) }
}

function usedBytes(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.reduce((sum, name) => sum + fileBytes(join(folder, name)), 0)
}

function fileBytes(path: string): number {
  const about = statSync(path, { throwIfNoEntry: false })
  return about?.isFile() === true ? about.size : 0
}

function say(reply: Reply): void {
  parentPort?.postMessage(reply)
}
