import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { EngineMember } from '../../engine/contextEngine.ts'
import type { Disk } from '../disk/disk.ts'
import type { StoreRecord } from '../disk/record.ts'
import { storage, storageFailure } from '../disk/storageFailure.ts'
import { DurableStore, type OpenStore } from './durableStore.ts'
import { makeExecutor, readExecutor } from './memberKeys.ts'
import { Transaction } from './transaction.ts'

const ABOUT = 'context.json'
const About = z.object({ format: z.literal(1), contextId: z.hex().length(64) })
const ID_BYTES = 32

/** What a call did, to be kept. */
export type Commit = {
  readonly member: string
  readonly shared: Transaction
  readonly private: Transaction
  /** New root hash; the shared state is what it was when undefined. */
  readonly root: string | undefined
  readonly hasEvents: boolean
  readonly timeNs: bigint
}

/**
 * All that the engine keeps: one shared store, and for each member an identity and a private store in a folder of their own.
 *
 * A call that changes both is one step: its private record is written first, and counts only when the shared journal has a record of the
 * same number that names the member. So a crash leaves all of a call or nothing.
 */
export class ContextStore {
  readonly contextId: string
  readonly #folder: string
  readonly #disk: Disk
  readonly #options: Pick<OpenStore, 'leastJournalBytes'>
  readonly #shared: DurableStore
  readonly #privates = new Map<string, { readonly executor: string; readonly store: DurableStore }>()
  readonly #lastPrivate: Map<string, number>
  #sequence = 0
  #timeNs = 0n
  #root = ''

  /**
   * Reads what a folder holds, or begins a new context in it.
   * @throws {CallFailure} `damaged`, `full` or `failed`.
   */
  static open(folder: string, disk: Disk, options: Pick<OpenStore, 'leastJournalBytes'> = {}): ContextStore {
    try {
      return new ContextStore(folder, disk, options)
    } catch (cause) {
      throw storageFailure(cause)
    }
  }

  private constructor(folder: string, disk: Disk, options: Pick<OpenStore, 'leastJournalBytes'>) {
    this.#options = options
    this.#folder = folder
    this.#disk = disk
    disk.makeFolder(join(folder, 'members'))
    const about = disk.read(join(folder, ABOUT))
    this.#lastPrivate = new Map<string, number>()
    this.#shared = new DurableStore({
      ...options,
      folder: join(folder, 'shared'),
      disk,
      isNew: about === undefined,
      onRecord: (record) => this.#note(record),
    })
    if (about === undefined && this.#shared.sequence > 0) throw storage('damaged', ABOUT)
    const { head } = this.#shared
    this.#takeUp(head?.sequence ?? 0, head?.timeNs ?? 0n, head?.root ?? '')
    for (const [member, last] of head?.lastPrivate ?? []) {
      if (!this.#lastPrivate.has(member)) this.#lastPrivate.set(member, last)
    }
    this.contextId = about === undefined ? this.#makeContextId() : readContextId(about)
    for (const name of disk.list(join(folder, 'members'))) this.#openMember(name)
  }

  /** Whether the app has a state. */
  get isInitialised(): boolean {
    return this.#root !== ''
  }

  /** Number of the last call that changed something. */
  get sequence(): number {
    return this.#sequence
  }

  /** Latest time that the app was told. */
  get timeNs(): bigint {
    return this.#timeNs
  }

  /** All members, by name. */
  get members(): EngineMember[] {
    return [...this.#privates].map(([name, { executor }]) => ({ name, executor })).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /**
   * Makes an identity and a private store; a member who is there already stays as they are.
   * @throws {CallFailure} `full` or `failed`.
   */
  addMember(name: string): void {
    if (this.#privates.has(name)) return
    const folder = this.#memberFolder(name)
    try {
      const store = new DurableStore({ ...this.#options, folder, disk: this.#disk, isNew: true })
      this.#disk.syncFolder(join(this.#folder, 'members'))
      this.#privates.set(name, { executor: makeExecutor(this.#disk, folder), store })
    } catch (cause) {
      throw storageFailure(cause)
    }
  }

  /** Public key of a member; undefined for nobody. */
  executorOf(member: string): string | undefined {
    return this.#privates.get(member)?.executor
  }

  /** Begins a call of a member. */
  begin(member: string): { readonly shared: Transaction; readonly private: Transaction } {
    return { shared: new Transaction(this.#shared.keyspace), private: new Transaction(this.#private(member).keyspace) }
  }

  /**
   * Keeps what a call did. When this returns it outlives a crash and a loss of power.
   * @returns The call's number; that of the last one when nothing changed.
   * @throws {CallFailure} `full`: the call has done nothing. `failed`: nor has it here, but whether the disk took it shows at the next start.
   */
  commit(call: Commit): number {
    const changes = call.shared.changes()
    const privateChanges = call.private.changes()
    const root = call.root ?? this.#root
    if (changes.length + privateChanges.length === 0 && root === this.#root && !call.hasEvents) return this.#sequence
    const sequence = this.#sequence + 1
    const base = { sequence, timeNs: call.timeNs, root: '', member: '' }
    try {
      if (privateChanges.length === 0) this.#shared.append({ ...base, root, changes })
      else {
        const takeBack = this.#private(call.member).append({ ...base, changes: privateChanges })
        try {
          this.#shared.append({ ...base, root, member: call.member, changes })
        } catch (cause) {
          // A shared record that may be there needs its private one: the next start then finds both, or neither counts.
          if (!this.#shared.isBroken) takeBack()
          throw cause
        }
        this.#lastPrivate.set(call.member, sequence)
      }
    } catch (cause) {
      call.shared.rollBack()
      call.private.rollBack()
      throw cause
    }
    this.#takeUp(sequence, call.timeNs, root)
    return sequence
  }

  /** Replaces journals that have become long. @returns Stores that stay as they are because the disk would not have it. */
  compactLong(): string[] {
    const refused: string[] = []
    const stores = new Map([['shared', this.#shared]])
    for (const [name, { store }] of this.#privates) stores.set(name, store)
    for (const [name, store] of stores) {
      if (!store.isLong) continue
      try {
        this.#compact(store)
      } catch {
        refused.push(name)
      }
    }
    return refused
  }

  close(): void {
    this.#shared.close()
    for (const { store } of this.#privates.values()) store.close()
  }

  #compact(store: DurableStore): void {
    const isShared = store === this.#shared
    store.compact({
      sequence: isShared ? this.#sequence : store.sequence,
      timeNs: this.#timeNs,
      root: isShared ? this.#root : '',
      lastPrivate: isShared ? this.#lastPrivate : new Map(),
    })
  }

  #note({ sequence, timeNs, root, member }: StoreRecord): void {
    this.#takeUp(sequence, timeNs, root)
    if (member !== '') this.#lastPrivate.set(member, sequence)
  }

  #takeUp(sequence: number, timeNs: bigint, root: string): void {
    if (sequence < this.#sequence) return
    this.#sequence = sequence
    this.#timeNs = timeNs
    this.#root = root
  }

  /** The last file to be made: with it the folder counts as a context. */
  #makeContextId(): string {
    const contextId = randomBytes(ID_BYTES).toString('hex')
    this.#disk.writeWhole(this.#folder, ABOUT, [Buffer.from(JSON.stringify({ format: 1, contextId }))])
    return contextId
  }

  #openMember(name: string): void {
    const folder = this.#memberFolder(name)
    const executor = readExecutor(this.#disk, folder)
    const last = this.#lastPrivate.get(name)
    if (executor === undefined && last !== undefined) throw storage('damaged', `${name}: identity`)
    if (executor === undefined) return
    const store = new DurableStore({ ...this.#options, folder, disk: this.#disk, isNew: false, upTo: last ?? 0 })
    if (store.sequence !== (last ?? 0)) throw storage('damaged', `${name}: private store`)
    this.#privates.set(name, { executor, store })
  }

  #memberFolder(name: string): string {
    return join(this.#folder, 'members', name)
  }

  #private(member: string): DurableStore {
    const found = this.#privates.get(member)
    if (found === undefined) throw storage('failed', 'no such member')
    return found.store
  }
}

function readContextId(bytes: Buffer): string {
  try {
    return About.parse(JSON.parse(bytes.toString('utf8'))).contextId
  } catch {
    throw storage('damaged', ABOUT)
  }
}
