import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { readRecord, recordSize, type StoreRecord, writeRecord } from './record.ts'

/** `MSJ1`, then a salt of 8 bytes. */
const FILE_MARK = Buffer.from('MSJ1', 'latin1')
const SALT_BYTES = 8
/** Bytes before the first frame. */
export const HEADER_BYTES = FILE_MARK.length + SALT_BYTES

/** Mark, length of the record, checksum of both the length and the record. */
const FRAME_MARK = Buffer.from('\xf1MSF', 'latin1')
const FRAME_HEAD_BYTES = 12

/** The head of a new journal. Its salt goes into every checksum, so that nobody can make bytes that look like a frame of this file. */
export function newHeader(): Buffer {
  return Buffer.concat([FILE_MARK, randomBytes(SALT_BYTES)])
}

/** A record with what is needed to know it again. */
export function encodeFrame(header: Buffer, record: StoreRecord): Buffer {
  const sizeBytes = recordSize(record)
  const frame = Buffer.allocUnsafe(FRAME_HEAD_BYTES + sizeBytes)
  FRAME_MARK.copy(frame)
  frame.writeUInt32LE(sizeBytes, 4)
  writeRecord(record, frame, FRAME_HEAD_BYTES)
  frame.writeUInt32LE(checksum(header, frame, 0, sizeBytes), 8)
  return frame
}

/** What stands in a journal. */
export type JournalContents = {
  readonly header: Buffer
  /** Each with where it ends. */
  readonly frames: readonly { readonly record: StoreRecord; readonly endBytes: number }[]
  /**
   * - whole: all of it is good.
   * - torn: the last write did not get to its end, as a kill or a loss of power leaves it; what comes before is good.
   * - damaged: bad bytes with good frames behind them, or no journal at all. No crash does that.
   */
  readonly state: 'whole' | 'torn' | 'damaged'
}

/** Reads a journal. An empty one, or less than its head, is a torn one without frames. */
export function readFrames(bytes: Buffer): JournalContents {
  const header = Buffer.from(bytes.subarray(0, HEADER_BYTES))
  if (bytes.length < HEADER_BYTES) return { header, frames: [], state: 'torn' }
  if (!header.subarray(0, FILE_MARK.length).equals(FILE_MARK)) return { header, frames: [], state: 'damaged' }
  const frames: { record: StoreRecord; endBytes: number }[] = []
  let at = HEADER_BYTES
  while (at < bytes.length) {
    const endBytes = frameEnd(header, bytes, at)
    if (endBytes === undefined) return { header, frames, state: hasFrameAfter(header, bytes, at) ? 'damaged' : 'torn' }
    frames.push({ record: readRecord(bytes.subarray(at + FRAME_HEAD_BYTES, endBytes)), endBytes })
    at = endBytes
  }
  return { header, frames, state: 'whole' }
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
