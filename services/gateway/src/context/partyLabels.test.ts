import { felt, slugToOrganisationId, ZERO } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { KeyRing } from '../keys/keyRing.ts'
import { Tenants } from '../tenants/tenants.ts'
import { type ContextKeyPair, ContextKeys } from './contextKeys.ts'
import { PartyLabels } from './partyLabels.ts'

const SLUGS = ['mercy', 'lakeside', 'stclare']
const DEPLOYMENT = {
  chainId: felt(0x51),
  contracts: { participants: ZERO, consentRegistry: felt(0x77), accessLog: ZERO, rewardPool: ZERO },
}
const labels = new PartyLabels(DEPLOYMENT)

const [mercy, lakeside, stclare] = (await Promise.all(SLUGS.map(pairOf))) as [ContextKeyPair, ContextKeyPair, ContextKeyPair]

test('whoever files and the party make the same label, each with its own private key', async () => {
  const label = await labels.forParty(mercy, lakeside.publicBytes, '0xab')
  expect(label).toMatch(/^[0-9a-f]{64}$/)
  expect(await labels.forUs(lakeside, mercy.publicBytes, '0xab')).toBe(label)
  expect(await new PartyLabels(DEPLOYMENT).forUs(lakeside, mercy.publicBytes, '0xab')).toBe(label)
})

test('a label is another one in each filing, in the other direction, for each pair, and in another deployment', async () => {
  const elsewhere = { ...DEPLOYMENT, contracts: { ...DEPLOYMENT.contracts, consentRegistry: felt(0x78) } }
  const made = await Promise.all([
    labels.forParty(mercy, lakeside.publicBytes, '0xab'),
    labels.forParty(mercy, lakeside.publicBytes, '0xac'),
    labels.forParty(lakeside, mercy.publicBytes, '0xab'),
    labels.forParty(mercy, stclare.publicBytes, '0xab'),
    labels.forParty(mercy, mercy.publicBytes, '0xab'),
    // What somebody else makes of both public keys.
    labels.forUs(stclare, mercy.publicBytes, '0xab').then((label) => `${label}, seen by another`),
    new PartyLabels(elsewhere).forParty(mercy, lakeside.publicBytes, '0xab'),
    new PartyLabels({ ...DEPLOYMENT, chainId: felt(0x52) }).forParty(mercy, lakeside.publicBytes, '0xab'),
  ])
  expect(new Set(made).size).toBe(made.length)
})

test.each([
  ['a point of low order', new Uint8Array(32)],
  ['31 bytes', new Uint8Array(31).fill(9)],
  ['nothing', new Uint8Array()],
])('error: %s gives no label', async (_what, key) => {
  expect(await labels.forParty(mercy, key, '0xab')).toBeUndefined()
  expect(await labels.forUs(mercy, key, '0xab')).toBeUndefined()
})

async function pairOf(slug: string): Promise<ContextKeyPair> {
  const organisation = slugToOrganisationId(slug)
  const tenants = new Tenants([{ slug, organisation, role: 'hospital', name: felt(1) }])
  const pair = await new ContextKeys(new KeyRing(new Uint8Array(32).fill(7)), tenants).of(organisation)
  if (pair === undefined) throw new RangeError('it is served here')
  return pair
}
