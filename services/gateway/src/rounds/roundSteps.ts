import { SEALING_BYTES } from './sealedMessage.ts'

export const JOIN = 'join'
/** Of a contribution, all its messages together; the app takes 512 KiB. */
const SEALED_BYTES = 480 * 1024
/** With two hospitals each would know the other's input from the result. */
const FEWEST = 3

/** How many hospitals a round needs so that a threshold of honest ones is there, and nobody's input is the result less one's own. */
export const needsToJoin = (threshold: number): number => Math.max(FEWEST, 2 * threshold - 1)

/**
 * How many parts the messages to all parties take, one after the other.
 * @param contents - Bytes to each receiver, before they are sealed.
 */
export const partsFor = (contents: readonly number[]): number =>
  Math.max(1, Math.ceil(contents.reduce((sum, bytes) => sum + bytes + SEALING_BYTES, 0) / SEALED_BYTES))

/** A receiver's piece of a message. */
export type Piece = { readonly to: string; readonly bytes: Uint8Array }

/** What of all messages stands in each part. A message may stand in several, and a part may hold several receivers' pieces. */
export function cutIntoParts(messages: ReadonlyMap<string, Uint8Array>, parts: number): Piece[][] {
  const all = Array.from({ length: parts }, (): Piece[] => [])
  let at = 0
  for (const [to, bytes] of messages) {
    for (let from = 0; from < bytes.length; ) {
      const part = Math.floor(at / SEALED_BYTES)
      const size = Math.min(bytes.length - from, (part + 1) * SEALED_BYTES - at)
      const into = all[part]
      if (into === undefined) throw new RangeError('the plan has a part for every message')
      into.push({ to, bytes: bytes.subarray(from, from + size) })
      from += size
      at += size
    }
  }
  return all
}
