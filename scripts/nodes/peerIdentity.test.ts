import { expect, test } from 'vitest'
import { makePeerIdentity, peerIdentityOf } from './peerIdentity.ts'

test('a peer id is made of the public key as libp2p does', () => {
  const publicKey = Buffer.from('1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e', 'hex')
  const { peerId } = peerIdentityOf(new Uint8Array(32), publicKey)
  expect(peerId).toBe('12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq')
})

test('identities are new each time and of the form that nodes print', () => {
  const [one, other] = [makePeerIdentity(), makePeerIdentity()]
  expect(one.peerId).toMatch(/^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/)
  expect(one.peerId).not.toBe(other.peerId)
})
