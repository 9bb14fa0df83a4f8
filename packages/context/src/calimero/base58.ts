const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const ID_BYTES = 32
/** More characters than 32 bytes ever take. */
const MOST_CHARACTERS = 44

/**
 * The bytes of a base58 text of at most 44 characters, the alphabet Bitcoin's.
 * @returns Undefined when it is no base58.
 */
export function fromBase58(text: string): Uint8Array | undefined {
  if (text.length > MOST_CHARACTERS) return undefined
  let number = 0n
  for (const character of text) {
    const digit = ALPHABET.indexOf(character)
    if (digit === -1) return undefined
    number = number * 58n + BigInt(digit)
  }
  const hex = number === 0n ? '' : number.toString(16)
  const zeros = /^1*/.exec(text)?.[0].length ?? 0
  return Uint8Array.from([...new Uint8Array(zeros), ...Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')])
}

/** Bytes as base58. */
export function toBase58(bytes: Uint8Array): string {
  let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  let text = ''
  for (; number > 0n; number /= 58n) text = ALPHABET.charAt(Number(number % 58n)) + text
  const firstOther = bytes.findIndex((byte) => byte !== 0)
  return ALPHABET.charAt(0).repeat(firstOther === -1 ? bytes.length : firstOther) + text
}

/** Whether a text is 32 bytes in base58, as Calimero writes ids and keys. */
export function isBase58Of32(text: string): boolean {
  return fromBase58(text)?.length === ID_BYTES
}
