import { RecordError } from '../gatewayErrors.ts'

/** Far beyond any FHIR resource; stops input that is nothing but brackets. */
const MAX_DEPTH = 64
/** Objects, lists and what stands in them, of one entry. The largest real resources (bills with hundreds of lines) have about 20,000. */
export const MAX_ENTRY_ELEMENTS = 50_000
/** Of a whole Bundle of the default size; a real one has one in 39 bytes. */
export const MAX_ELEMENTS = 3_000_000
/** Bytes of one text as it is written; the longest are documents in base64. */
const MAX_TEXT_BYTES = 16_777_216
/** FHIR asks for 18 digits of precision. */
const MAX_NUMBER_LETTERS = 64
/** In `{ entry: [ {` the entry itself is the third. */
const ENTRY_DEPTH = 3

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d]

/** Counts what a JSON text consists of before anything is built from it, so that input that is small and costly is stopped at the first byte beyond a limit. */
export class JsonGuard {
  readonly #maxElements: number
  #depth = 0
  #elements = 0
  #entryElements = 0
  #textBytes = -1
  #numberLetters = 0
  #isEscaped = false

  constructor(maxElements = MAX_ELEMENTS) {
    this.#maxElements = maxElements
  }

  /** @throws {RecordError} `record/too-deep`, `record/too-complex`. */
  look(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#textBytes >= 0) this.#inText(byte)
      else if (byte === QUOTE) this.#textBytes = 0
      else this.#betweenTexts(byte)
    }
  }

  #inText(byte: number): void {
    this.#textBytes += 1
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === BACKSLASH) this.#isEscaped = true
    else if (byte === QUOTE) this.#textBytes = -1
    if (this.#textBytes > MAX_TEXT_BYTES) throw new RecordError('record/too-complex', `a text of over ${MAX_TEXT_BYTES} bytes`)
  }

  #betweenTexts(byte: number): void {
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.#depth += 1
      if (this.#depth > MAX_DEPTH) throw new RecordError('record/too-deep')
      if (this.#depth === ENTRY_DEPTH) this.#entryElements = 0
      this.#countElement()
    } else if (byte === COMMA) {
      this.#countElement()
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      this.#depth -= 1
    } else {
      this.#countNumber(byte)
      return
    }
    this.#numberLetters = 0
  }

  #countElement(): void {
    this.#elements += 1
    if (this.#elements > this.#maxElements) throw new RecordError('record/too-complex', `over ${this.#maxElements} elements`)
    if (this.#depth < ENTRY_DEPTH) return
    this.#entryElements += 1
    if (this.#entryElements > MAX_ENTRY_ELEMENTS)
      throw new RecordError('record/too-complex', `over ${MAX_ENTRY_ELEMENTS} elements in one entry`)
  }

  /** Digits, signs, point and exponent; blanks and the colon end a number. */
  #countNumber(byte: number): void {
    this.#numberLetters = byte > 0x20 && byte !== 0x3a ? this.#numberLetters + 1 : 0
    if (this.#numberLetters > MAX_NUMBER_LETTERS)
      throw new RecordError('record/too-complex', `a number of over ${MAX_NUMBER_LETTERS} letters`)
  }
}
