import type { KeyObject } from 'node:crypto'
import type { CallOptions, ContextEngine, ContextEvent, EngineMember, MethodArguments } from '../engine/contextEngine.ts'
import {
  ArgumentError,
  EngineClosedError,
  EngineError,
  LimitError,
  MethodUnknownError,
  TrapError,
  UnknownMemberError,
} from '../engine/engineErrors.ts'
import { EventHub } from '../engine/eventHub.ts'
import { CallQueue } from './callQueue.ts'
import type { CompiledApp } from './compileApp.ts'
import { ARGUMENT_BYTES, RUNTIME_LIMITS } from './limits.ts'
import type { EngineLogLine, WireEvent } from './wire.ts'
import { type Answer, type Ask, WorkerHandle } from './workerHandle.ts'

/** What a running engine stands on. */
export type EngineGround = {
  readonly app: CompiledApp
  readonly folder: string
  readonly members: readonly string[]
  readonly storeKey: KeyObject | undefined
  readonly timeLimitMs: number
  readonly sizeLimitBytes: number
  readonly log: (line: EngineLogLine) => void
  /** Gives the folder free. */
  readonly unlock: () => void
}

/** Handlers may emit events with handlers; a chain of them ends here. */
const MOST_HANDLER_DEPTH = 4

/** The private context on one machine; made by `openEmbeddedEngine`. */
export class EmbeddedEngine implements ContextEngine {
  readonly #ground: EngineGround
  readonly #queue = new CallQueue()
  readonly #hub = new EventHub()
  #handle: WorkerHandle
  #members: readonly EngineMember[]
  #closing: Promise<void> | undefined

  private constructor(ground: EngineGround, handle: WorkerHandle, members: readonly EngineMember[]) {
    this.#ground = ground
    this.#handle = handle
    this.#members = members
  }

  /** Starts the worker thread and makes sure of the members. */
  static async start(ground: EngineGround): Promise<EmbeddedEngine> {
    const { handle, members } = await startWorker(ground)
    const engine = new EmbeddedEngine(ground, handle, members)
    try {
      for (const name of ground.members) await engine.addMember(name)
    } catch (cause) {
      await handle.terminate()
      throw cause
    }
    return engine
  }

  get members(): readonly EngineMember[] {
    return this.#members
  }

  /**
   * Makes an identity and a private store for somebody new; they are no member of the circle until its keeper admits them in the app.
   * @returns The member, also when they were there before.
   */
  async addMember(name: string): Promise<EngineMember> {
    if (!/^[a-z0-9][a-z0-9-]{0,79}$/.test(name)) throw new UnknownMemberError(name)
    const known = this.#members.find((member) => member.name === name)
    if (known !== undefined) return known
    const { members } = await this.#queue.run(() => this.#ask({ is: 'add-member', member: name }))
    this.#members = members ?? this.#members
    const added = this.#members.find((member) => member.name === name)
    if (added === undefined) throw new UnknownMemberError(name)
    return added
  }

  async initialise(member: string, args: MethodArguments, options: CallOptions = {}): Promise<void> {
    await this.#run(member, 'init', args, options)
  }

  async call(member: string, method: string, args: MethodArguments, options: CallOptions = {}): Promise<unknown> {
    if (Buffer.byteLength(method) > RUNTIME_LIMITS.methodNameBytes)
      throw new LimitError('call', 'method name', RUNTIME_LIMITS.methodNameBytes)
    if (!this.#ground.app.methods.has(method)) throw new MethodUnknownError(method)
    return await this.#run(member, method, args, options)
  }

  events(options: CallOptions = {}): AsyncIterable<ContextEvent> {
    return this.#hub.subscribe(options)
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut()
    return this.#closing
  }

  async #run(member: string, method: string, args: MethodArguments, { signal }: CallOptions): Promise<unknown> {
    if (this.#closing !== undefined) throw new EngineClosedError()
    signal?.throwIfAborted()
    if (!this.#members.some(({ name }) => name === member)) throw new UnknownMemberError(member)
    const input = encode(method, args)
    const answered = this.#queue.run(async () => {
      signal?.throwIfAborted()
      return await this.#answer({ is: 'call', member, method, input }, 0)
    })
    const json = await unlessAborted(answered, signal)
    return decode(method, json)
  }

  /** One call with the handlers of its events, as one turn: whoever reads next sees what they did. */
  async #answer(ask: Ask & { is: 'call' }, depth: number): Promise<string> {
    try {
      const answer = await this.#ask(ask)
      for (const event of answer.events) this.#hub.publish({ id: event.id, kind: event.kind, data: parseData(event.data) })
      if (depth < MOST_HANDLER_DEPTH) await this.#runHandlers(answer.events, ask.member, depth)
      return answer.json
    } catch (cause) {
      this.#ground.log({
        event: 'call',
        member: ask.member,
        method: ask.method,
        outcome: cause instanceof EngineError ? cause.name : 'Error',
      })
      throw cause
    }
  }

  /** Handlers run at everybody but the author, each as a call of its own; as on a node, nobody hears when one fails. */
  async #runHandlers(events: readonly WireEvent[], author: string, depth: number): Promise<void> {
    for (const { handler, data } of events) {
      if (handler === undefined) continue
      for (const { name } of this.#members) {
        if (name === author) continue
        try {
          await this.#answer({ is: 'call', member: name, method: handler, input: data }, depth + 1)
        } catch (cause) {
          if (!(cause instanceof EngineError)) throw cause
          this.#ground.log({ event: 'handler-failed', member: name, method: handler, outcome: cause.name })
        }
      }
    }
  }

  async #ask(ask: Ask): Promise<Answer> {
    if (!this.#handle.isAlive) await this.#restart()
    try {
      return await this.#handle.ask(ask, this.#ground.timeLimitMs)
    } finally {
      if (!this.#handle.isAlive && ask.is !== 'close') void this.#queue.run(() => this.#restartQuietly(), true)
    }
  }

  async #restart(): Promise<void> {
    const { handle, members } = await startWorker(this.#ground)
    this.#handle = handle
    this.#members = members
    this.#ground.log({ event: 'restarted' })
  }

  /** So that the next call need not wait for it; when it fails, that call tries again and says why. */
  async #restartQuietly(): Promise<void> {
    if (this.#handle.isAlive) return
    await this.#restart().catch((cause: unknown) => {
      this.#ground.log({ event: 'restarted', outcome: cause instanceof EngineError ? cause.code : 'failed' })
    })
  }

  async #shut(): Promise<void> {
    await this.#queue.idle()
    if (this.#handle.isAlive) await this.#handle.ask({ is: 'close' }, this.#ground.timeLimitMs)
    await this.#handle.terminate()
    this.#hub.close()
    this.#ground.unlock()
  }
}

function startWorker(ground: EngineGround): ReturnType<typeof WorkerHandle.start> {
  const { folder, storeKey, sizeLimitBytes, app } = ground
  return WorkerHandle.start({ folder, storeKey, sizeLimitBytes, module: app.module, isReusable: app.isReusable }, ground.log)
}

function encode(method: string, args: MethodArguments): string {
  const input = jsonOf(args)
  if (input === undefined) throw new ArgumentError(method, 'they cannot be written as JSON')
  if (Buffer.byteLength(input) > ARGUMENT_BYTES) throw new LimitError(method, 'arguments', ARGUMENT_BYTES)
  return input
}

/** Undefined for what JSON cannot say. */
function jsonOf(args: MethodArguments): string | undefined {
  try {
    return JSON.stringify(args)
  } catch {
    return undefined
  }
}

function decode(method: string, json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new TrapError(method, 'an answer that is no JSON')
  }
}

/** Data that is no JSON is told as text. */
function parseData(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}

async function unlessAborted<T>(running: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await running
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([running, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
    running.catch(() => undefined)
  }
}
