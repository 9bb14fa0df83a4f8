import { createHash, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { toBase58 } from '../base58.ts'
import { bundleBlobId } from './bundleBlobId.ts'
import { checkInvitation, type Invitation } from './invitation.ts'
import { isSignedByInviter } from './nodeInvitation.ts'

const NOW_MS = 1_795_244_440_000

/** As a real node of rc.4 gave it; it expired soon after. */
const REAL = {
  invitation: {
    inviter_identity: bytes('62f84277664424e9e070f5b67b2aaf89e7ec925b7cd463816227ffce3b17e2d8'),
    group_id: bytes('34b67966daaf21f13fe644da723d51d76eab8ff8849ee9d2c2fad968e0b4ae44'),
    expiration_timestamp: 1_795_244_491,
    secret_salt: bytes('112d24d9a1d40953091a1005b33ef49a7eafb535a19d37fa7a1c29bd2a410ab4'),
    invited_role: 1 as const,
  },
  inviter_signature:
    '6d5e300d27ac72fe7ba8d8ccdcf6685f26b39ac6c569492ca54964838a12b39ed50908f1d435d204894f605bc55cb2a8331c6feaf13db5bf257dc290156e2901',
  application_id: bytes('630f4413ffb7735a74a093620b9a5682f0ae501eb747337d4dace0dadc015c4e'),
  app_key: bytes('ee5347156f238ac345e2a511834d0e26c02868eb229dba7a575a39034644c251'),
}

function bytes(hex: string): number[] {
  return [...Buffer.from(hex, 'hex')]
}

function invitation(changes: Partial<Invitation> = {}): Invitation {
  return {
    version: 1,
    ids: {
      applicationId: toBase58(Uint8Array.from(REAL.application_id)),
      namespaceId: Buffer.from(REAL.invitation.group_id).toString('hex'),
      groupId: Buffer.from(REAL.invitation.group_id).toString('hex'),
      contextId: toBase58(new Uint8Array(32).fill(7)),
    },
    bundleHash: Buffer.from(REAL.app_key).toString('hex'),
    token: REAL,
    ...changes,
  }
}

test('the signature of a real node’s invitation is right, and of one that was changed in any field it is not', () => {
  expect(isSignedByInviter(REAL)).toBe(true)
  const { invitation: signed } = REAL
  for (const changed of [
    { ...signed, expiration_timestamp: signed.expiration_timestamp + 1 },
    { ...signed, group_id: bytes('00'.repeat(32)) },
    { ...signed, secret_salt: bytes('00'.repeat(32)) },
    { ...signed, inviter_identity: someoneElse() },
  ])
    expect(isSignedByInviter({ ...REAL, invitation: changed })).toBe(false)
})

test('an invitation that came over as text is taken', () => {
  expect(checkInvitation(JSON.parse(JSON.stringify(invitation())), NOW_MS)).toEqual(invitation())
})

const refused: [what: string, invitation: unknown, nowMs: number, reason: string][] = [
  ['text', 'let me in', NOW_MS, 'it is garbled'],
  ['one without a signature', { ...invitation(), token: { ...REAL, inviter_signature: '' } }, NOW_MS, 'it is garbled'],
  [
    'one for an admin',
    { ...invitation(), token: { ...REAL, invitation: { ...REAL.invitation, invited_role: 0 } } },
    NOW_MS,
    'it is garbled',
  ],
  ['a forged one', invitation({ token: { ...REAL, inviter_signature: '00'.repeat(64) } }), NOW_MS, 'its signature is wrong'],
  [
    'one to another circle',
    invitation({ ids: { ...invitation().ids, namespaceId: '11'.repeat(32) } }),
    NOW_MS,
    'its parts are of different circles',
  ],
  ['one with another app', invitation({ bundleHash: '11'.repeat(32) }), NOW_MS, 'its parts are of different circles'],
  ['an expired one', invitation(), NOW_MS + 51_000, 'it has expired'],
]

test.each(refused)('error: %s lets nobody in', (_what, one, nowMs, reason) => {
  expect(() => checkInvitation(one, nowMs)).toThrow(`This invitation does not let anybody in. (${reason})`)
})

test('a bundle’s id is the hash of its chunks’ hashes', () => {
  const [one, two] = [Buffer.alloc(1_048_576, 1), Buffer.alloc(5, 2)]
  expect(bundleBlobId(Buffer.concat([one, two]))).toBe(sha256(Buffer.concat([sha256(one), sha256(two)])).toString('hex'))
  expect(bundleBlobId(two)).toBe(sha256(sha256(two)).toString('hex'))
})

function sha256(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest()
}

function someoneElse(): number[] {
  const { publicKey } = generateKeyPairSync('ed25519')
  return [...publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]
}
