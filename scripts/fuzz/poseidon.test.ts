import { poseidonHash, poseidonHashMany } from '@scure/starknet'
import { expect, test } from 'vitest'
import { hades, poseidonSpan } from '../../test/model/poseidon.ts'
import { Random } from './random.ts'

const LARGEST = 2n ** 251n + 17n * 2n ** 192n

test('the quick Poseidon of the model is the one of the library', () => {
  const random = new Random(7)
  const felts = [0n, 1n, LARGEST, ...Array.from({ length: 20 }, () => (random.felt() << 150n) % LARGEST)]
  for (const left of felts) {
    const right = random.pick(felts)
    expect(hades(left, right, 2n)).toBe(poseidonHash(left, right))
  }
  for (let length = 0; length < 12; length++) {
    const values = Array.from({ length }, () => random.pick(felts))
    expect(poseidonSpan(values)).toBe(poseidonHashMany(values))
  }
})
