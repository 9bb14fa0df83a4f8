import { createCipheriv, createHash, hkdfSync } from 'node:crypto'
import { type Chance, chanceFrom, type DrawElements, drawElements, type FillRandom } from '@medsync/protocol/sharing'
import { hpke } from '../keys/hpke.ts'

/** A round's own key pair; what others seal for this hospital in this round opens with it, and with nothing once it is forgotten. */
export type RoundKeyPair = { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey }

/**
 * All randomness of a hospital in one round, from 32 random bytes that only its vault has: so whatever happens, a gateway that starts again deals,
 * tosses and seals exactly what it did before, and forgetting the seed forgets all.
 */
export class RoundSeed {
  readonly #seed: Uint8Array
  readonly #round: string

  constructor(seed: Uint8Array, round: string) {
    this.#seed = seed
    this.#round = round
  }

  /** Bytes for one use. */
  bytes(use: string, length = 32): Uint8Array<ArrayBuffer> {
    return new Uint8Array(hkdfSync('sha256', this.#seed, `MedSync round v1|${this.#round}`, use, length))
  }

  /** Uniform field elements for one use: AES-256 in counter mode. The same sequence of calls draws the same. */
  draw(use: string): DrawElements {
    return drawFrom(this.bytes(use))
  }

  /** Chance for one use, for noise. The same sequence of calls draws the same. */
  chance(use: string): Chance {
    return chanceFrom(fillFrom(this.bytes(use)))
  }

  async keyPair(): Promise<RoundKeyPair> {
    return await hpke.kem.deriveKeyPair(this.bytes('key').buffer)
  }

  /** What a message is sealed with; other contents give other ones. */
  sealing(place: string, contents: Uint8Array): Uint8Array<ArrayBuffer> {
    return this.bytes(`seal|${place}|${createHash('sha256').update(contents).digest('hex')}`)
  }
}

/**
 * Names a list of hospitals in the uses of a seed: whoever made this one deal again, to others or in another order, would get other shares, and not
 * further points of the same polynomials.
 */
export function rosterOf(hospitals: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(hospitals)).digest('hex')
}

/** Uniform elements that whoever has the key can draw again. */
export function drawFrom(key: Uint8Array): DrawElements {
  return drawElements(fillFrom(key))
}

function fillFrom(key: Uint8Array): FillRandom {
  const stream = createCipheriv('aes-256-ctr', key, new Uint8Array(16))
  return (words) => {
    const bytes = stream.update(new Uint8Array(words.byteLength))
    new Uint8Array(words.buffer, words.byteOffset, words.byteLength).set(bytes)
  }
}
