import {
  agreesWith,
  type BoundSum,
  bindSum,
  coinElement,
  countOf,
  type Dealing,
  dealChecked,
  type FieldVector,
  foldingPowers,
  isPossibleProof,
  type Opened,
  openSums,
  proveDealing,
  SALT_BYTES,
  ShareError,
  type SharingRound,
  sumShares,
} from '@medsync/protocol/sharing'
import { RoundBlame } from './roundBlame.ts'
import type { RoundPlace } from './roundPlay.ts'
import { rosterOf } from './roundSeed.ts'
import { bytesVector, textVector, vectorBytes, vectorText } from './vectorBytes.ts'

/** One sum over all hospitals' vectors, from the dealing to the opening, at one hospital. The steps' order is the round's. */
export class CheckedSum {
  readonly #place: RoundPlace
  readonly #name: string
  readonly #round: SharingRound
  readonly #own: Dealing
  readonly #count: number
  #received: ReadonlyMap<string, FieldVector> = new Map()
  #bindings: ReadonlyMap<string, string> = new Map()
  #proofs: ReadonlyMap<string, FieldVector> = new Map()
  #powers: FieldVector = new Uint32Array()

  constructor(place: RoundPlace, name: string, round: SharingRound, input: FieldVector) {
    this.#place = place
    this.#name = name
    this.#round = round
    this.#count = countOf(input)
    this.#own = dealChecked(round, input, place.seed.draw(`deal ${name} ${rosterOf(round.hospitals)}`))
  }

  /** Bytes of what one hospital is dealt. */
  get dealtBytes(): number {
    return 8 * (this.#count + 1)
  }

  dealtTo(hospital: string): Uint8Array {
    return vectorBytes(this.#own[this.#round.hospitals.indexOf(hospital)]!)
  }

  /** @throws {RoundBlame | ShareError} */
  takeDealt(dealt: ReadonlyMap<string, Uint8Array>): void {
    const received = new Map<string, FieldVector>()
    for (const [dealer, bytes] of dealt) {
      const vector = dealer === this.#place.me ? this.#own[this.#round.hospitals.indexOf(dealer)]! : bytesVector(bytes)
      if (vector === undefined || vector.length !== 2 * (this.#count + 1)) throw new ShareError('sharing/wrong-length', [dealer])
      if (this.#round.field.firstOutside(vector) >= 0) throw new ShareError('sharing/outside-field', [dealer])
      received.set(dealer, vector)
    }
    this.#received = received
  }

  get binding(): string {
    return bindSum(this.#bound, this.#sum, this.#salt)
  }

  takeBindings(bindings: ReadonlyMap<string, string>): void {
    this.#bindings = bindings
  }

  takeCoin(coin: Uint8Array): void {
    this.#powers = foldingPowers(this.#round.field, coinElement(this.#round.field, coin, this.#name), this.#count)
  }

  get proof(): string {
    return vectorText(proveDealing(this.#round, this.#own, this.#powers))
  }

  /** @returns Dealers whose proof is not what they dealt here. @throws {RoundBlame} A proof that no honest dealer has. */
  takeProofs(proofs: ReadonlyMap<string, string>): string[] {
    this.#proofs = new Map([...proofs].map(([dealer, text]) => [dealer, textVector(text)]))
    const impossible = [...this.#proofs].filter(([, proof]) => !isPossibleProof(this.#round, proof)).map(([dealer]) => dealer)
    if (impossible.length > 0) throw new RoundBlame('rounds/false-dealing', impossible)
    const { me } = this.#place
    return [...this.#proofs]
      .filter(([dealer, proof]) => !agreesWith(this.#round, me, this.#received.get(dealer)!, proof, this.#powers))
      .map(([dealer]) => dealer)
  }

  /** What this hospital answers: salt, then the sum. */
  get answer(): Uint8Array {
    return Buffer.concat([this.#salt, vectorBytes(this.#sum)])
  }

  /** @throws {ShareError} Too few true sums are left; names who sent false ones. */
  open(answers: ReadonlyMap<string, Uint8Array>): Opened {
    const sums = [...answers].map(([from, bytes]): BoundSum => {
      const own = from === this.#place.me ? this.answer : bytes
      return { from, salt: own.slice(0, SALT_BYTES), values: bytesVector(own.slice(SALT_BYTES)) ?? new Uint32Array() }
    })
    const proofs = [...this.#proofs.values()]
    return openSums(this.#round, sums, { roundId: this.#bound.round, bindings: this.#bindings, proofs, powers: this.#powers })
  }

  get #sum(): FieldVector {
    return sumShares(this.#round, [...this.#received.values()])
  }

  get #salt(): Uint8Array {
    return this.#place.seed.bytes(`salt ${this.#name}`, SALT_BYTES)
  }

  get #bound() {
    return { round: `${this.#place.round}|${this.#name}`, hospital: this.#place.me }
  }
}
