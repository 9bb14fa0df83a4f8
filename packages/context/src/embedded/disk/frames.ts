import { type KeyObject, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { ChainSeal } from './chainSeal.ts'
import { readRecord, recordSize, type StoreRecord, writeRecord } from './record.ts'
import { SEAL_BYTES } from './seal.ts'
import { newSalt, SALT_BYTES } from './storeKey.ts'

/** `MSJ1`, then a salt of 8 bytes; in a sealed journal `MSJ2`, then the salt of its key. */
const PLAIN_MARK = 'MSJ1'
const SEALED_MARK = 'MSJ2'
const MARK_BYTES = 4
const PLAIN_SALT_BYTES = 8
/** A file that is not longer holds a head at most, and no record. */
export const MOST_HEADER_BYTES = MARK_BYTES + SALT_BYTES

/** Mark, length of the body, checksum of both the length and the body. The body is a record, or a sealed one. */
const FRAME_MARK = Buffer.from('\xf1MSF', 'latin1')
const FRAME_HEAD_BYTES = 12

const MOST_ROOM_BYTES = 1_048_576

/** Gives the key of a sealed journal for the salt in its head. */
export type KeyOfSalt = (salt: Uint8Array) => KeyObject

/** A journal that is written to: its head, and what seals its records. */
export type OpenJournal = { readonly header: Buffer; readonly chain: ChainSeal | undefined }

/**
 * A new journal; sealed when there is a key. The salt of its head goes into every checksum, so that nobody can make bytes that look like a
 * frame of this file.
 */
export function newJournal(keyOf: KeyOfSalt | undefined): OpenJournal {
  if (keyOf === undefined)
    return { header: Buffer.concat([Buffer.from(PLAIN_MARK, 'latin1'), randomBytes(PLAIN_SALT_BYTES)]), chain: undefined }
  const salt = newSalt()
  const header = Buffer.concat([Buffer.from(SEALED_MARK, 'latin1'), salt])
  return { header, chain: new ChainSeal(keyOf(salt), header) }
}

/** A record with what is needed to know it again. */
export function encodeFrame({ header, chain }: OpenJournal, record: StoreRecord): Buffer {
  if (chain === undefined) {
    const frame = Buffer.allocUnsafe(FRAME_HEAD_BYTES + recordSize(record))
    writeRecord(record, frame, FRAME_HEAD_BYTES)
    return finishFrame(header, frame)
  }
  const plain = roomFor(recordSize(record))
  writeRecord(record, plain, 0)
  const frame = Buffer.allocUnsafe(FRAME_HEAD_BYTES + SEAL_BYTES + plain.length)
  chain.sealInto(frame, FRAME_HEAD_BYTES, plain)
  return finishFrame(header, frame)
}

/** Room for a record until it is sealed: the same each time, since new memory of that size costs as much as the sealing. */
let room = Buffer.alloc(0)
function roomFor(sizeBytes: number): Buffer {
  if (sizeBytes > MOST_ROOM_BYTES) return Buffer.allocUnsafe(sizeBytes)
  if (room.length < sizeBytes) room = Buffer.alloc(MOST_ROOM_BYTES)
  return room.subarray(0, sizeBytes)
}

/** What stands in a journal. */
export type JournalContents = {
  /** Undefined in a file that ends before its head does. */
  readonly journal: OpenJournal | undefined
  /** Each with where it ends, and what the next one is bound to in a sealed journal. */
  readonly frames: readonly { readonly record: StoreRecord; readonly endBytes: number; readonly link: Buffer | undefined }[]
  /**
   * - whole: all of it is good.
   * - torn: the last write did not get to its end, as a kill or a loss of power leaves it; what comes before is good.
   * - damaged: bad bytes with good frames behind them, or no journal at all. No crash does that.
   * - locked: it is sealed, and does not open with this key, or somebody has changed it.
   */
  readonly state: 'whole' | 'torn' | 'damaged' | 'locked'
}

/** Reads a journal, plain or sealed. An empty one, or less than its head, is a torn one without frames. */
export function readFrames(bytes: Buffer, keyOf?: KeyOfSalt): JournalContents {
  const none = { journal: undefined, frames: [] }
  if (bytes.length < MARK_BYTES) return { ...none, state: 'torn' }
  const mark = bytes.toString('latin1', 0, MARK_BYTES)
  if (mark !== PLAIN_MARK && mark !== SEALED_MARK) return { ...none, state: 'damaged' }
  const headerBytes = MARK_BYTES + (mark === SEALED_MARK ? SALT_BYTES : PLAIN_SALT_BYTES)
  if (bytes.length < headerBytes) return { ...none, state: 'torn' }
  const header = Buffer.from(bytes.subarray(0, headerBytes))
  if (mark === PLAIN_MARK) return readAll({ header, chain: undefined }, bytes)
  if (keyOf === undefined) return { ...none, state: 'locked' }
  return readAll({ header, chain: new ChainSeal(keyOf(header.subarray(MARK_BYTES)), header) }, bytes)
}

function readAll(journal: OpenJournal, bytes: Buffer): JournalContents {
  const { header, chain } = journal
  const frames: { record: StoreRecord; endBytes: number; link: Buffer | undefined }[] = []
  let at = header.length
  while (at < bytes.length) {
    const endBytes = frameEnd(header, bytes, at)
    if (endBytes === undefined) return { journal, frames, state: hasFrameAfter(header, bytes, at) ? 'damaged' : 'torn' }
    const body = bytes.subarray(at + FRAME_HEAD_BYTES, endBytes)
    const plain = chain === undefined ? body : chain.open(body)
    // The checksum was good, so this is no torn write.
    if (plain === undefined) return { journal, frames, state: 'locked' }
    frames.push({ record: readRecord(plain), endBytes, link: chain?.link })
    at = endBytes
  }
  return { journal, frames, state: 'whole' }
}

function finishFrame(header: Buffer, frame: Buffer): Buffer {
  const sizeBytes = frame.length - FRAME_HEAD_BYTES
  FRAME_MARK.copy(frame)
  frame.writeUInt32LE(sizeBytes, 4)
  frame.writeUInt32LE(checksum(header, frame, 0, sizeBytes), 8)
  return frame
}

function frameEnd(header: Buffer, bytes: Buffer, at: number): number | undefined {
  if (at + FRAME_HEAD_BYTES > bytes.length || bytes.compare(FRAME_MARK, 0, FRAME_MARK.length, at, at + FRAME_MARK.length) !== 0)
    return undefined
  const sizeBytes = bytes.readUInt32LE(at + 4)
  const endBytes = at + FRAME_HEAD_BYTES + sizeBytes
  if (endBytes > bytes.length || bytes.readUInt32LE(at + 8) !== checksum(header, bytes, at, sizeBytes)) return undefined
  return endBytes
}

function hasFrameAfter(header: Buffer, bytes: Buffer, bad: number): boolean {
  for (let at = bytes.indexOf(FRAME_MARK, bad + 1); at !== -1; at = bytes.indexOf(FRAME_MARK, at + 1)) {
    if (frameEnd(header, bytes, at) !== undefined) return true
  }
  return false
}

function checksum(header: Buffer, bytes: Buffer, at: number, sizeBytes: number): number {
  const body = bytes.subarray(at + FRAME_HEAD_BYTES, at + FRAME_HEAD_BYTES + sizeBytes)
  return crc32(body, crc32(bytes.subarray(at + 4, at + 8), crc32(header)))
}
