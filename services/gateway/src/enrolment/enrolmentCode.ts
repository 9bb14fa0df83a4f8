import { randomInt } from 'node:crypto'

/** Crockford's base 32: no I, L, O, U, so that nothing is misread. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 10

/** A fresh code, 50 bits, grouped for reading aloud. @example newEnrolmentCode() // '7KQ2M-9XH4T' */
export function newEnrolmentCode(): string {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`
}

/**
 * A code as people type it, brought to the one form that is compared: case, hyphens and spaces do not matter, O is 0, I and L are 1.
 * @returns Undefined when it cannot be a code.
 */
export function readEnrolmentCode(typed: string): string | undefined {
  const letters = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  return letters.length === LENGTH && [...letters].every((letter) => ALPHABET.includes(letter)) ? letters : undefined
}
