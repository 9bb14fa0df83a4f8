import { ContextUnavailableError } from '@medsync/context'
import type { CalimeroEngine, MemberStatus } from '@medsync/context/calimero'
import { EngineError } from '@medsync/context/engine'
import type { NetworkNode, NetworkNodeState } from '@medsync/protocol'
import type { Logger } from 'pino'
import { Nudge } from '../chain/nudge.ts'
import type { Clock } from '../clock.ts'
import { framesOf } from '../http/framesOf.ts'
import type { Circle, Seat } from './circle.ts'
import { NodeConvergence } from './nodeConvergence.ts'

const LOOK_EVERY_MS = 2_000
/** Two copies are not replaced at the same time: each would take the other's. */
const REPLACE_APART_MS = 10_000

/** Of what is said in one word of several nodes: the first that applies to any of them. */
const WORST_FIRST: readonly NetworkNodeState[] = [
  'away',
  'not-answering',
  'apart',
  'waiting',
  'synchronising',
  'alone',
  'starting',
  'in-step',
]

/** What the watch needs. */
export type NodeWatchComponents = {
  readonly circle: Pick<Circle, 'seats' | 'nodes' | 'members' | 'executorOf'>
  readonly clock: Clock
  readonly log: Logger
  /** Notes, so that no crash forgets it, that all that was filed here has to be looked at again: a copy of the shared state may lack it. */
  readonly doubtFilings: () => Promise<void>
  /** Has what is missing in the shared state filed soon. */
  readonly requestSync: () => void
  /** Of a clock that never goes back, in ms. */
  readonly nowMs?: () => number
  readonly lookEveryMs?: number
}

/**
 * Watches whether the nodes that this gateway acts through have the same shared state as the network's other nodes, repairs what differs, and
 * tells. It asks only those nodes. In the embedded engine there is nothing to watch.
 */
export class NodeWatch {
  readonly #components: NodeWatchComponents
  readonly #nowMs: () => number
  readonly #stopping = new AbortController()
  readonly #nudge = new Nudge()
  readonly #nodes = new Map<string, { readonly seat: Seat; readonly node: NodeConvergence }>()
  readonly #listeners = new Set<() => void>()
  #loop: Promise<void> = Promise.resolve()
  #replacedAtMs = Number.NEGATIVE_INFINITY
  #isComplained = false
  #mustFileAgain = false

  constructor(components: NodeWatchComponents) {
    this.#components = components
    this.#nowMs = components.nowMs ?? (() => performance.now())
  }

  /** How each of our nodes is; none in the embedded engine, or before the first look. */
  report(): NetworkNode[] {
    return [...this.#nodes.values()].map(({ seat, node }) => ({
      organisation: seat.organisation,
      state: node.state,
      sinceS: this.#secondsOf(node.stateSinceMs),
      equalAtS: node.equalAtMs === undefined ? null : this.#secondsOf(node.equalAtMs),
      repair: node.repair === undefined ? null : { step: node.repair.step, atS: this.#secondsOf(node.repair.atMs) },
    }))
  }

  /** How the worst of them is; undefined when there are none. */
  worst(): Pick<NetworkNode, 'state' | 'sinceS'> | undefined {
    const [worst] = this.report().toSorted((one, other) => WORST_FIRST.indexOf(one.state) - WORST_FIRST.indexOf(other.state))
    return worst === undefined ? undefined : { state: worst.state, sinceS: worst.sinceS }
  }

  /**
   * Calls `listener` when the state of a node changes.
   * @returns Unsubscribes.
   */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Starts; waits for nothing. */
  start(): void {
    this.#loop = this.#run(this.#stopping.signal)
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#nudge.now()
    await this.#loop
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const engine = await this.#components.circle.nodes()
        if (engine === undefined) return
        await this.look(engine)
        this.#isComplained = false
      } catch (failure) {
        if (signal.aborted) return
        if (!(failure instanceof ContextUnavailableError)) this.#complain(failure)
      }
      await this.#nudge.sleep(this.#components.lookEveryMs ?? LOOK_EVERY_MS)
    }
  }

  /** Looks at all nodes once and does what is due. */
  async look(engine: Pick<CalimeroEngine, 'status' | 'compare' | 'replaceCopy'>): Promise<void> {
    const { signal } = this.#stopping
    const statuses = await engine.status({ signal })
    const nowMs = this.#nowMs()
    for (const status of statuses) this.#nodeOf(status, nowMs)?.node.observe(status, nowMs)
    const before = this.#states()
    for (const [name, { node }] of this.#nodes) {
      const others = [...this.#nodes].filter(([other]) => other !== name).flatMap(([, other]) => other.node.comparable() ?? [])
      node.judge(others, nowMs)
    }
    this.#publish(before)
    for (const [name, { seat, node }] of this.#nodes) {
      if (!node.needsAttention) continue
      const step = node.next(await this.#rankOf(seat), nowMs, nowMs - this.#replacedAtMs >= REPLACE_APART_MS)
      if (step === 'file-again') this.#mustFileAgain = true
      else if (step !== 'nothing') await this.#repair(engine, name, step, nowMs)
    }
    if (this.#mustFileAgain) await this.#fileAgain()
  }

  /** When it fails, the next look does it. */
  async #fileAgain(): Promise<void> {
    const { log, doubtFilings, requestSync } = this.#components
    log.warn({ event: 'context.repair', step: 'file-again' }, 'a copy of the shared state was replaced, and may lack what is ours')
    await doubtFilings()
    this.#mustFileAgain = false
    requestSync()
  }

  async #repair(
    engine: Pick<CalimeroEngine, 'compare' | 'replaceCopy'>,
    name: string,
    step: 'compare' | 'replace-copy',
    nowMs: number,
  ): Promise<void> {
    const { log, doubtFilings } = this.#components
    const { signal } = this.#stopping
    try {
      const words = 'its copy of the shared state is not what another node has'
      if (step === 'compare') {
        log.debug({ event: 'context.repair', node: name, step }, words)
        return await engine.compare(name, { signal })
      }
      log.warn({ event: 'context.repair', node: name, step }, words)
      this.#replacedAtMs = nowMs
      await doubtFilings()
      await engine.replaceCopy(name, { signal })
    } catch (failure) {
      if (signal.aborted) return
      if (!(failure instanceof EngineError || failure instanceof ContextUnavailableError)) throw failure
      log.warn({ event: 'context.repair-failed', node: name, step, reason: failure.code }, 'will be tried again')
    }
  }

  /** The copy of the network's administrator is the last to be replaced: the list of members is theirs alone. */
  async #rankOf(seat: Seat): Promise<{ isAdmin: boolean; spread: number }> {
    const { circle } = this.#components
    const executor = await circle.executorOf(seat)
    const spread = Number.parseInt(executor.slice(0, 2), 16) / 256
    try {
      return { isAdmin: (await circle.members()).some((member) => member.is_keeper && member.executor === executor), spread }
    } catch (failure) {
      if (failure instanceof ContextUnavailableError) return { isAdmin: true, spread }
      throw failure
    }
  }

  #nodeOf({ member }: MemberStatus, nowMs: number): { readonly node: NodeConvergence } | undefined {
    const seat = this.#components.circle.seats.find(({ name }) => name === member)
    if (seat === undefined) return undefined
    const known = this.#nodes.get(member) ?? { seat, node: new NodeConvergence(nowMs) }
    this.#nodes.set(member, known)
    return known
  }

  #states(): ReadonlyMap<string, NetworkNodeState> {
    return new Map([...this.#nodes].map(([name, { node }]) => [name, node.state]))
  }

  #publish(before: ReadonlyMap<string, NetworkNodeState>): void {
    const changed = [...this.#nodes].filter(([name, { node }]) => before.get(name) !== node.state)
    for (const [name, { node }] of changed) {
      const line = { event: 'context.node', node: name, state: node.state, before: before.get(name) }
      if (node.state === 'in-step') this.#components.log.info(line, 'it has the same shared state as the other nodes')
      else this.#components.log.warn(line, 'see the page of the hospital network for what this means')
    }
    if (changed.length > 0) for (const listener of this.#listeners) listener()
  }

  #secondsOf(atMs: number): number {
    return this.#components.clock.nowS() - Math.round((this.#nowMs() - atMs) / 1_000)
  }

  #complain(failure: unknown): void {
    if (!this.#isComplained) this.#components.log.error({ event: 'context.not-watched', cause: framesOf(failure) }, 'will be tried again')
    this.#isComplained = true
  }
}
