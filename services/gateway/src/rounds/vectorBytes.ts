import type { FieldVector } from '@medsync/protocol/sharing'

/** A vector as it travels: its elements as u64, the low byte first. */
export function vectorBytes(vector: FieldVector): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)
}

/** The elements in some bytes; undefined when they are no whole number of elements. Whether they are of the field is not checked. */
export function bytesVector(bytes: Uint8Array): FieldVector | undefined {
  return bytes.length % 8 === 0 ? new Uint32Array(new Uint8Array(bytes).buffer) : undefined
}

/** A vector in a message that all may read. */
export function vectorText(vector: FieldVector): string {
  return Buffer.from(vectorBytes(vector)).toString('base64')
}

/** What `vectorText` made; an empty vector for anything else, which is no proof and no share. */
export function textVector(text: string): FieldVector {
  return bytesVector(Buffer.from(text, 'base64')) ?? new Uint32Array()
}
