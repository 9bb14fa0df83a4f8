import { type KeyObject, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { EngineMember } from '../../engine/contextEngine.ts'
import type { Disk } from '../disk/disk.ts'
import type { StoreRecord } from '../disk/record.ts'
import { storage, storageFailure } from '../disk/storageFailure.ts'
import { type FileKeys, StoreKey } from '../disk/storeKey.ts'
import { DurableStore, type OpenStore } from './durableStore.ts'
import { type KeptIdentity, keepIdentity, makeExecutor, readIdentity } from './memberKeys.ts'
import { Transaction } from './transaction.ts'

const ABOUT = 'context.json'
const HexId = z.hex().length(64)
/** Format 2: everything in the folder is sealed. */
const About = z.union([
  z.object({ format: z.literal(1), contextId: HexId }),
  z.object({ format: z.literal(2), contextId: HexId, keyCheck: HexId }),
])
const ID_BYTES = 32

/** How a context is opened. */
export type OpenContext = Pick<OpenStore, 'leastJournalBytes'> & {
  /** 32 bytes; with it everything is sealed, and a plain folder becomes so at once. */
  readonly storeKey?: KeyObject | undefined
}

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
  /** Whether the folder was plain until now. */
  readonly isNewlySealed: boolean
  readonly #folder: string
  readonly #disk: Disk
  readonly #key: StoreKey | undefined
  readonly #options: Pick<OpenStore, 'leastJournalBytes' | 'mayBePlain'>
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
  static open(folder: string, disk: Disk, options: OpenContext = {}): ContextStore {
    try {
      return new ContextStore(folder, disk, options)
    } catch (cause) {
      throw storageFailure(cause)
    }
  }

  private constructor(folder: string, disk: Disk, { storeKey, ...options }: OpenContext) {
    this.#folder = folder
    this.#disk = disk
    disk.makeFolder(join(folder, 'members'))
    const about = readAbout(disk.read(join(folder, ABOUT)))
    this.contextId = about?.contextId ?? randomBytes(ID_BYTES).toString('hex')
    this.#key = storeKey === undefined ? undefined : new StoreKey(storeKey, this.contextId)
    if (about?.format === 2) checkKey(this.#key, about.keyCheck)
    this.isNewlySealed = about?.format === 1 && this.#key !== undefined
    const identities = this.#readIdentities()
    // Identities are sealed last: beside a sealed one nobody's plain files are of ours.
    const mayBePlain = this.isNewlySealed && !identities.some(({ identity }) => identity.isSealed)
    this.#options = { ...options, mayBePlain }
    this.#lastPrivate = new Map<string, number>()
    this.#shared = new DurableStore({
      ...this.#options,
      folder: join(folder, 'shared'),
      keys: this.#key?.at('shared'),
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
    for (const name of disk.list(join(folder, 'members'))) {
      this.#openMember(name, identities.find((member) => member.name === name)?.identity)
    }
    if (this.isNewlySealed) this.#sealAll(identities)
    // The last file to be written: with it the folder counts as a context, and as a sealed one.
    if (about === undefined || this.isNewlySealed) this.#writeAbout()
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
      const keys = this.#keysOf(name)
      const store = new DurableStore({ ...this.#options, folder, keys, disk: this.#disk, isNew: true })
      this.#disk.syncFolder(join(this.#folder, 'members'))
      this.#privates.set(name, { executor: makeExecutor(this.#disk, folder, keys), store })
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

  #writeAbout(): void {
    const { contextId } = this
    const about: z.infer<typeof About> =
      this.#key === undefined ? { format: 1, contextId } : { format: 2, contextId, keyCheck: this.#key.check() }
    this.#disk.writeWhole(this.#folder, ABOUT, [Buffer.from(JSON.stringify(about))])
  }

  #readIdentities(): { name: string; identity: KeptIdentity }[] {
    return this.#disk.list(join(this.#folder, 'members')).flatMap((name) => {
      const identity = readIdentity(this.#disk, this.#memberFolder(name), this.#keysOf(name))
      return identity === undefined ? [] : [{ name, identity }]
    })
  }

  /** One file after the other; a start that ends half way leaves some sealed and some not, and the next one goes on. */
  #sealAll(identities: readonly { readonly name: string; readonly identity: KeptIdentity }[]): void {
    for (const store of [this.#shared, ...[...this.#privates.values()].map((member) => member.store)]) {
      if (!store.isSealed) this.#compact(store)
    }
    for (const { name, identity } of identities) {
      if (!identity.isSealed) keepIdentity(this.#disk, this.#memberFolder(name), this.#keysOf(name), identity.der)
    }
  }

  #openMember(name: string, identity: KeptIdentity | undefined): void {
    const last = this.#lastPrivate.get(name)
    if (identity === undefined && last !== undefined) throw storage('damaged', `${name}: identity`)
    if (identity === undefined) return
    const keys = this.#keysOf(name)
    if (!identity.isSealed && keys !== undefined && !this.isNewlySealed)
      throw storage('damaged', `${name}: an identity without the store key`)
    const folder = this.#memberFolder(name)
    const store = new DurableStore({ ...this.#options, folder, keys, disk: this.#disk, isNew: false, upTo: last ?? 0 })
    if (store.sequence !== (last ?? 0)) throw storage('damaged', `${name}: private store`)
    this.#privates.set(name, { executor: identity.executor, store })
  }

  #keysOf(member: string): FileKeys | undefined {
    return this.#key?.at(`members/${member}`)
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

function readAbout(bytes: Buffer | undefined): z.infer<typeof About> | undefined {
  if (bytes === undefined) return undefined
  try {
    return About.parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    throw storage('damaged', ABOUT)
  }
}

function checkKey(key: StoreKey | undefined, check: string): void {
  if (key === undefined) throw storage('damaged', 'they are sealed, and no store key was given')
  if (!key.fits(check)) throw storage('damaged', 'they are sealed with another store key')
}
