import type { Change } from '../store/keyspace.ts'

/** What one call changed in one store, as it is written down. */
export type StoreRecord = {
  /** Number of the call; the first is 1. */
  readonly sequence: number
  /** Latest time that the app was told. */
  readonly timeNs: bigint
  /** Root hash of the shared state afterwards: 32 bytes as a binary string, or empty. */
  readonly root: string
  /** Name of the member whose private store changed with it, or empty. Only in the shared store's records. */
  readonly member: string
  readonly changes: readonly Change[]
}

const SEQUENCE_BYTES = 8
const TIME_BYTES = 8
const SHORT_BYTES = 1
const COUNT_BYTES = 4
const FIXED_BYTES = SEQUENCE_BYTES + TIME_BYTES + 2 * SHORT_BYTES + COUNT_BYTES
/** A change that takes a value away has this bit, one of the ordered index that one. */
const IS_GONE = 1
const IS_ORDERED = 2

/** Bytes of a record. */
export function recordSize({ root, member, changes }: StoreRecord): number {
  return changes.reduce((sum, change) => sum + changeSize(change), FIXED_BYTES + root.length + member.length)
}

/** Writes a record into bytes, from a place on. Little end first. */
export function writeRecord(record: StoreRecord, bytes: Buffer, start: number): void {
  let at = bytes.writeBigUInt64LE(BigInt(record.sequence), start)
  at = bytes.writeBigUInt64LE(record.timeNs, at)
  for (const text of [record.root, record.member]) {
    at = bytes.writeUInt8(text.length, at)
    at += bytes.write(text, at, 'latin1')
  }
  at = bytes.writeUInt32LE(record.changes.length, at)
  for (const change of record.changes) at = writeChange(change, bytes, at)
}

/** Reads what `writeRecord` wrote; its bytes are known to be whole. */
export function readRecord(bytes: Buffer): StoreRecord {
  const reader = new ByteReader(bytes)
  const sequence = Number(reader.u64())
  const timeNs = reader.u64()
  const root = reader.text(reader.u8())
  const member = reader.text(reader.u8())
  const changes = Array.from({ length: reader.u32() }, () => readChange(reader))
  return { sequence, timeNs, root, member, changes }
}

/** Bytes of a change. */
export function changeSize({ key, value }: Change): number {
  return SHORT_BYTES + COUNT_BYTES + key.length + (value === undefined ? 0 : COUNT_BYTES + value.length)
}

/** Writes a change. @returns Where it ends. */
export function writeChange({ isOrdered, key, value }: Change, bytes: Buffer, start: number): number {
  let at = bytes.writeUInt8((isOrdered ? IS_ORDERED : 0) | (value === undefined ? IS_GONE : 0), start)
  for (const text of value === undefined ? [key] : [key, value]) {
    at = bytes.writeUInt32LE(text.length, at)
    at += bytes.write(text, at, 'latin1')
  }
  return at
}

/** Reads a change. */
export function readChange(reader: ByteReader): Change {
  const flags = reader.u8()
  const key = reader.text(reader.u32())
  return { isOrdered: (flags & IS_ORDERED) !== 0, key, value: (flags & IS_GONE) !== 0 ? undefined : reader.text(reader.u32()) }
}

/** Reads one thing after the other. */
export class ByteReader {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, start = 0) {
    this.#bytes = bytes
    this.#at = start
  }

  /** Where the next thing stands. */
  get at(): number {
    return this.#at
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#step(1))
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#step(4))
  }

  u64(): bigint {
    return this.#bytes.readBigUInt64LE(this.#step(8))
  }

  text(length: number): string {
    const start = this.#step(length)
    return this.#bytes.toString('latin1', start, start + length)
  }

  #step(length: number): number {
    const start = this.#at
    this.#at += length
    return start
  }
}
