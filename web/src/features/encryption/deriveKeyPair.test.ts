import { felt, releaseInfo } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { openRelease } from '../release/openRelease.ts'
import { deriveKeyPair, releaseSuite } from './deriveKeyPair.ts'

const secret = new Uint8Array(32).fill(5)
const network = { chainId: felt(1), contracts: { rewardPool: felt(2) } }
const digest = felt(3)
const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { resourceType: 'Condition', id: 'a' } }] }

async function gzip(text: string): Promise<ArrayBuffer> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()
}

const base64 = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('base64')

async function seal(text: string) {
  const suite = releaseSuite()
  const { publicKey } = await deriveKeyPair(secret)
  const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey.slice().buffer)
  const info = new TextEncoder().encode(releaseInfo('0x1', '0x2', digest)).buffer
  const sender = await suite.createSenderContext({ recipientPublicKey, info })
  const ciphertext = await sender.seal(await gzip(text))
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', ciphertext)).toString('hex')
  return { digest, encapsulated: base64(sender.enc), ciphertext: base64(ciphertext), sha256 }
}

test('the same secret gives the same key in any browser', async () => {
  expect((await deriveKeyPair(secret)).publicKey).toEqual((await deriveKeyPair(secret)).publicKey)
  expect((await deriveKeyPair(new Uint8Array(32))).publicKey).not.toEqual((await deriveKeyPair(secret)).publicKey)
})

test('what a hospital sealed to the key is opened and read as FHIR', async () => {
  const opened = await openRelease(await seal(JSON.stringify(bundle)), network, secret)
  expect(opened.bundle.entry).toHaveLength(1)
})

test('error: data that was changed on its way is not opened', async () => {
  const release = await seal(JSON.stringify(bundle))
  await expect(openRelease({ ...release, ciphertext: `AAAA${release.ciphertext.slice(4)}` }, network, secret)).rejects.toMatchObject({
    code: 'release/wrong-hash',
  })
})

test('error: data that was sealed to another key says so', async () => {
  const release = await seal(JSON.stringify(bundle))
  await expect(openRelease(release, network, new Uint8Array(32).fill(6))).rejects.toMatchObject({ code: 'release/cannot-open' })
})

test('error: what is no Bundle is not shown as one', async () => {
  await expect(openRelease(await seal('{"resourceType":"Patient"}'), network, secret)).rejects.toMatchObject({ code: 'release/not-fhir' })
})
