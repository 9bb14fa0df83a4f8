import { SEALING_BYTES } from './sealedMessage.ts'

export const JOIN = 'join'
/** Of a contribution, all its messages together; the app takes 512 KiB. */
const SEALED_BYTES = 480 * 1024
/** With two hospitals each would know the other's input from the result. */
const FEWEST = 3

/** How many hospitals a round needs so that a threshold of honest ones is there, and nobody's input is the result less one's own. */
export const needsToJoin = (threshold: number): number => Math.max(FEWEST, 2 * threshold - 1)

/** The most that one receiver's piece of a part has. */
export const partBytes = (parties: number): number => Math.floor(SEALED_BYTES / parties)

/** How many parts a message to each of the parties takes. */
export const partsFor = (contentBytes: number, parties: number): number =>
  Math.max(1, Math.ceil((contentBytes + SEALING_BYTES) / partBytes(parties)))
