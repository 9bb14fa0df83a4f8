import { randomBytes } from 'node:crypto'

/** Kinds of WebSocket frames. @source RFC 6455, section 5.2. */
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** One frame, unmasked. */
export type Frame = { readonly opcode: number; readonly isLast: boolean; readonly payload: Buffer }

const MOST_BYTES = 64 * 1_024 * 1_024
const SMALL = 126
const LARGE = 127
const MASK_BYTES = 4

/** Cuts what a server sends into frames. @source RFC 6455, section 5.2. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)

  /**
   * Takes the next bytes.
   * @returns The frames that are whole now.
   * @throws {RangeError} A frame that no server of ours sends: masked, or above 64 MiB.
   */
  read(bytes: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, bytes])
    const frames: Frame[] = []
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame)
    return frames
  }

  #next(): Frame | undefined {
    const [first, second] = this.#rest
    if (first === undefined || second === undefined) return undefined
    const lengthBytes = second === SMALL ? 2 : second === LARGE ? 8 : 0
    const start = 2 + lengthBytes
    if (this.#rest.length < start) return undefined
    const size = lengthBytes === 0 ? second : Number(lengthBytes === 2 ? this.#rest.readUInt16BE(2) : this.#rest.readBigUInt64BE(2))
    if (second > LARGE || size > MOST_BYTES) throw new RangeError('A frame that no Calimero node sends.')
    if (this.#rest.length < start + size) return undefined
    const payload = this.#rest.subarray(start, start + size)
    this.#rest = this.#rest.subarray(start + size)
    return { opcode: first & 0x0f, isLast: (first & 0x80) !== 0, payload }
  }
}

/** A whole message as a client sends it: masked, as the protocol wants. @source RFC 6455, section 5.3. */
export function clientFrame(kind: number, payload: Buffer): Buffer {
  const mask = randomBytes(MASK_BYTES)
  const size = Buffer.alloc(payload.length < SMALL ? 1 : 3)
  if (payload.length < SMALL) size[0] = 0x80 | payload.length
  else {
    size[0] = 0x80 | SMALL
    size.writeUInt16BE(payload.length, 1)
  }
  const masked = payload.map((byte, index) => byte ^ (mask[index % MASK_BYTES] ?? 0))
  return Buffer.concat([Buffer.of(0x80 | kind), size, mask, masked])
}
