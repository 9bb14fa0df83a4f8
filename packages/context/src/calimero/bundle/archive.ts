import { crc32, gunzipSync } from 'node:zlib'
import { BundleError } from './bundleError.ts'

/** A file of an archive. */
export type ArchiveFile = { readonly name: string; readonly bytes: Uint8Array }

const BLOCK = 512
/** The end of an archive is two empty blocks. */
const END = new Uint8Array(2 * BLOCK)
/** What a stored block of deflate holds at most. */
const STORED = 65_535
const MOST_BYTES = 32 * 1024 * 1024

/**
 * Packs files into a tar.gz of which there is exactly one: fixed owner, mode and time, and nothing compressed, since compressors differ between
 * machines.
 * @param files - Names of at most 99 ASCII characters, in the order they are to have.
 */
export function writeArchive(files: readonly ArchiveFile[]): Uint8Array {
  return gzip(Buffer.concat([...files.flatMap(({ name, bytes }) => [header(name, bytes.length), bytes, padding(bytes.length)]), END]))
}

/**
 * The files of an archive that `writeArchive` wrote. Any other is refused, byte for byte, so that whoever else reads it (the node does) can
 * only find what is found here.
 * @throws {BundleError}
 */
export function readArchive(archive: Uint8Array): ArchiveFile[] {
  const files = unpack(gunzip(archive))
  if (Buffer.compare(writeArchive(files), archive) !== 0) throw new BundleError('the archive is not packed as ours are')
  return files
}

function unpack(tar: Buffer): ArchiveFile[] {
  const files: ArchiveFile[] = []
  let at = 0
  while (at < tar.length && tar[at] !== 0) {
    const name = text(tar, at, 100)
    const size = Number.parseInt(text(tar, at + 124, 12), 8)
    const start = at + BLOCK
    if (!Number.isSafeInteger(size) || start + size > tar.length) throw new BundleError('the archive ends in the middle of a file')
    files.push({ name, bytes: tar.subarray(start, start + size) })
    at = start + Math.ceil(size / BLOCK) * BLOCK
  }
  return files
}

function text(tar: Buffer, at: number, length: number): string {
  const field = tar.subarray(at, at + length)
  const end = field.indexOf(0)
  return field.toString('latin1', 0, end === -1 ? length : end)
}

function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, digits: number): number => block.write(value.toString(8).padStart(digits, '0'), at, 'latin1')
  block.write(name.slice(0, 99), 0, 'latin1')
  octal(0o644, 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(size, 124, 11)
  octal(0, 136, 11)
  block.write('        0', 148, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  )
  block.write('\0 ', 154, 'latin1')
  return block
}

function padding(size: number): Uint8Array {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK)
}

function gzip(bytes: Buffer): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])]
  for (let at = 0; at < bytes.length; at += STORED) {
    const part = bytes.subarray(at, at + STORED)
    const head = Buffer.alloc(5)
    head.writeUInt8(at + STORED >= bytes.length ? 1 : 0, 0)
    head.writeUInt16LE(part.length, 1)
    head.writeUInt16LE(0xffff - part.length, 3)
    parts.push(head, part)
  }
  const tail = Buffer.alloc(8)
  tail.writeUInt32LE(crc32(bytes), 0)
  tail.writeUInt32LE(bytes.length, 4)
  return Buffer.concat([...parts, tail])
}

function gunzip(archive: Uint8Array): Buffer {
  try {
    return gunzipSync(archive, { maxOutputLength: MOST_BYTES })
  } catch (error) {
    throw new BundleError('it is no archive, or too large', { cause: error })
  }
}
