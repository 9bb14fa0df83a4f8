import { crc32 } from 'node:zlib'
import type { Change, Keyspace } from '../store/keyspace.ts'
import type { KeyOfSalt } from './frames.ts'
import { ByteReader, changeSize, readChange, writeChange } from './record.ts'
import { sealParts, unseal } from './seal.ts'
import { newSalt, SALT_BYTES } from './storeKey.ts'

/** Where a store stood when it was written down whole. */
export type SnapshotHead = {
  readonly sequence: number
  readonly timeNs: bigint
  /** As in a record. */
  readonly root: string
  /** Number of the last call that changed each member's private store. */
  readonly lastPrivate: ReadonlyMap<string, number>
}

/** A snapshot as it is read. */
export type Snapshot = SnapshotHead & { /** To be gone through once. */ readonly changes: Iterable<Change> }

const MARK = 'MSS1'
/** A sealed snapshot: this mark, the salt of its key, and a plain snapshot under one seal. */
const SEALED_MARK = 'MSS2'
const CHECKSUM_BYTES = 4
const CHUNK_BYTES = 1_048_576

/** The bytes of a snapshot, piece by piece; sealed when there is a key. */
export function* encodeSnapshot(head: SnapshotHead, keyspace: Keyspace, keyOf?: KeyOfSalt): Generator<Buffer> {
  const plain = encodePlain(head, keyspace)
  if (keyOf === undefined) yield* plain
  else {
    const salt = newSalt()
    const start = Buffer.concat([Buffer.from(SEALED_MARK, 'latin1'), salt])
    yield start
    yield* sealParts(keyOf(salt), plain, start)
  }
}

/** Whether the bytes are those of a sealed snapshot. */
export function isSealedSnapshot(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, SEALED_MARK.length) === SEALED_MARK
}

/** Reads a snapshot, plain or sealed; undefined when its bytes are not those that were written, or the key is another. */
export function decodeSnapshot(bytes: Buffer, keyOf?: KeyOfSalt): Snapshot | undefined {
  if (!isSealedSnapshot(bytes)) return decodePlain(bytes)
  const start = bytes.subarray(0, SEALED_MARK.length + SALT_BYTES)
  if (keyOf === undefined || start.length < SEALED_MARK.length + SALT_BYTES) return undefined
  const plain = unseal(keyOf(start.subarray(SEALED_MARK.length)), bytes.subarray(start.length), start)
  return plain === undefined ? undefined : decodePlain(plain)
}

/** The last four bytes are the checksum of all the others. */
function* encodePlain(head: SnapshotHead, keyspace: Keyspace): Generator<Buffer> {
  let sum = 0
  const first = encodeHead(head, keyspace.plain.size + keyspace.ordered.size)
  sum = crc32(first, sum)
  yield first
  for (const chunk of chunksOf(keyspace)) {
    sum = crc32(chunk, sum)
    yield chunk
  }
  const last = Buffer.alloc(CHECKSUM_BYTES)
  last.writeUInt32LE(sum)
  yield last
}

function decodePlain(bytes: Buffer): Snapshot | undefined {
  const body = bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM_BYTES))
  if (bytes.length < MARK.length + CHECKSUM_BYTES || crc32(body) !== bytes.readUInt32LE(body.length)) return undefined
  const reader = new ByteReader(body)
  if (reader.text(MARK.length) !== MARK) return undefined
  const sequence = Number(reader.u64())
  const timeNs = reader.u64()
  const root = reader.text(reader.u8())
  const lastPrivate = new Map(Array.from({ length: reader.u32() }, () => [reader.text(reader.u8()), Number(reader.u64())] as const))
  return { sequence, timeNs, root, lastPrivate, changes: readChanges(reader, reader.u32()) }
}

function* readChanges(reader: ByteReader, count: number): Generator<Change> {
  for (let index = 0; index < count; index += 1) yield readChange(reader)
}

function encodeHead({ sequence, timeNs, root, lastPrivate }: SnapshotHead, count: number): Buffer {
  const members = [...lastPrivate].map(([name, last]) => Buffer.concat([short(name), u64(BigInt(last))]))
  return Buffer.concat([
    Buffer.from(MARK, 'latin1'),
    u64(BigInt(sequence)),
    u64(timeNs),
    short(root),
    u32(members.length),
    ...members,
    u32(count),
  ])
}

function* chunksOf(keyspace: Keyspace): Generator<Buffer> {
  let waiting: Change[] = []
  let sizeBytes = 0
  for (const change of keyspace.contents()) {
    waiting.push(change)
    sizeBytes += changeSize(change)
    if (sizeBytes < CHUNK_BYTES) continue
    yield encodeChunk(waiting, sizeBytes)
    waiting = []
    sizeBytes = 0
  }
  yield encodeChunk(waiting, sizeBytes)
}

function encodeChunk(changes: readonly Change[], sizeBytes: number): Buffer {
  const chunk = Buffer.allocUnsafe(sizeBytes)
  let at = 0
  for (const change of changes) at = writeChange(change, chunk, at)
  return chunk
}

function short(text: string): Buffer {
  return Buffer.concat([Buffer.of(text.length), Buffer.from(text, 'latin1')])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}
