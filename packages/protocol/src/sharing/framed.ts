import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** Parts under a label, each with its length before it, so that no two lists of parts give the same bytes. */
export function framed(label: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const all = [utf8ToBytes(label), ...parts]
  return concatBytes(...all.flatMap((bytes) => [new Uint8Array(new Uint32Array([bytes.length]).buffer), bytes]))
}
