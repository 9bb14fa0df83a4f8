import type { Chain, Deployment } from '../deployment.ts'
import { ChainUnreachableError } from '../errors.ts'
import { type BlockMark, readBlock } from '../reads/readBlock.ts'
import type { RpcOptions } from '../rpc/callRpc.ts'
import type { ChainEvent, PendingEvent } from './chainEvent.ts'
import { advanceCursor, type Cursor, cursorAtStart, isSameBlock, rewindCursor } from './cursor.ts'
import { readEvent, readPendingEvent } from './decodeEvent.ts'
import { type EmittedEvent, fetchEvents } from './fetchEvents.ts'

/**
 * One step of reading. Store what it brings and its cursor together, or neither:
 * - `events`: these came next (perhaps none, in blocks that are not about us), those of type `SetAside` unread;
 * - `rollback`: forget every event of the blocks after `toBlock`, they are no longer on the chain.
 */
export type EventBatch =
  | { readonly kind: 'events'; readonly events: readonly ChainEvent[]; readonly cursor: Cursor; readonly head: BlockMark }
  | { readonly kind: 'rollback'; readonly toBlock: number; readonly cursor: Cursor }

export type EventReaderOptions = {
  /** Blocks in one batch. */ readonly batchBlocks?: number /** Events in one answer. */
  readonly pageSize?: number
}

/**
 * Reads all events of our contracts, each exactly once and in order, from wherever a cursor stands. It keeps nothing itself, so any
 * process may go on where another stopped; a chain that was reorganised meanwhile first gives a `rollback`.
 * @example
 * const reader = new EventReader(deployment)
 * let cursor = stored ?? reader.start()
 * for await (const batch of reader.read(cursor, { signal })) cursor = await store(batch)
 */
export class EventReader {
  readonly #deployment: Deployment
  readonly #batchBlocks: number
  readonly #pageSize: number | undefined

  constructor(deployment: Deployment, { batchBlocks = 1_000, pageSize }: EventReaderOptions = {}) {
    this.#deployment = deployment
    this.#batchBlocks = batchBlocks
    this.#pageSize = pageSize
  }

  /** The cursor of a reader that has read nothing. */
  start(): Cursor {
    return cursorAtStart(this.#deployment)
  }

  /** All batches from `cursor` to the newest block; then it ends. */
  async *read(cursor: Cursor, options?: RpcOptions): AsyncGenerator<EventBatch, void, undefined> {
    let at = cursor
    for (;;) {
      const batch = await this.next(at, options)
      if (batch === undefined) return
      yield batch
      at = batch.cursor
    }
  }

  /**
   * The next batch after `cursor`; undefined when it stands at the newest block.
   * What stands in an event never makes it fail: anybody can send one. What this version cannot read comes as `SetAside`.
   * @throws {ChainUnreachableError} Try again with the same cursor.
   */
  async next(cursor: Cursor, options?: RpcOptions): Promise<EventBatch | undefined> {
    const head = await readBlock(this.#deployment, 'latest', options)
    if (head === undefined) return undefined
    const last = cursor.recent.at(-1)
    if (last !== undefined && isSameBlock(last, head)) return undefined
    if (head.number <= cursor.blockNumber) return last === undefined ? undefined : await this.#rollback(cursor, options)
    const to = Math.min(head.number, cursor.blockNumber + this.#batchBlocks)
    const mark = to === head.number ? head : await readBlock(this.#deployment, to, options)
    const emitted = await fetchEvents(this.#deployment, { from: cursor.blockNumber + 1, to }, { ...options, pageSize: this.#pageSize })
    const isWhole = await this.#stillStands(last, options)
    if (!isWhole) return await this.#rollback(cursor, options)
    if (mark === undefined || !(await this.#stillStands(mark, options))) return await this.next(cursor, options)
    return {
      kind: 'events',
      events: emitted.flatMap((event) => chainEvent(this.#deployment, event) ?? []),
      cursor: advanceCursor(cursor, mark),
      head,
    }
  }

  /** What is pre-confirmed: sure to be tried, not yet sure to stay. Read it before `next`, so that nothing slips between the two. */
  async pending(options?: RpcOptions): Promise<PendingEvent[]> {
    const emitted = await fetchEvents(this.#deployment, 'pre_confirmed', { ...options, pageSize: this.#pageSize })
    return emitted.flatMap((event) => readPendingEvent(this.#deployment, event) ?? [])
  }

  async #stillStands(mark: BlockMark | undefined, options?: RpcOptions): Promise<boolean> {
    return mark === undefined || isSameBlock(mark, await readBlock(this.#deployment, mark.number, options))
  }

  /** Back to the newest remembered block that still stands, or to the start. */
  async #rollback(cursor: Cursor, options?: RpcOptions): Promise<EventBatch> {
    for (const mark of cursor.recent.toReversed()) {
      if (await this.#stillStands(mark, options)) return { kind: 'rollback', toBlock: mark.number, cursor: rewindCursor(cursor, mark) }
    }
    const start = this.start()
    return { kind: 'rollback', toBlock: start.blockNumber, cursor: start }
  }
}

function chainEvent(chain: Chain, event: EmittedEvent): ChainEvent | undefined {
  if (event.block_number === undefined) throw new ChainUnreachableError(`an event without a block in ${event.transaction_hash}`)
  return readEvent(chain, event, {
    blockNumber: event.block_number,
    transactionIndex: event.transaction_index,
    eventIndex: event.event_index,
    transaction: event.transaction_hash,
  })
}
