import {
  account,
  type ConsentSalts,
  type ConsentTerms,
  commitConsent,
  deriveSalts,
  felt,
  type Network,
  newConsentNonce,
  type PatientConsent,
  type Session,
  slugToOrganisationId,
  ZERO,
} from '@medsync/protocol'
import { expect, test } from 'vitest'
import { checkConsent, standingOf } from './checkConsent.ts'

const network = {
  chainId: felt('0x534e5f5345504f4c4941'),
  contracts: { participants: felt(1), consentRegistry: felt(2), accessLog: felt(3), rewardPool: felt(4) },
} as Network
const session: Session = { accessToken: 't', expiresAtS: 0, account: account('0x99'), role: 'patient', organisation: null }
const terms: ConsentTerms = {
  grantee: slugToOrganisationId('northgate'),
  purposes: ['HRESCH'],
  notBeforeS: 0,
  expiresAtS: 2_000_000_000,
  categories: ['vitals'],
  dataFromS: 0,
  dataToS: 0,
  custodian: ZERO,
  sensitivities: [],
}
const secret = new Uint8Array(32).fill(7)

function consent(change: Partial<{ terms: ConsentTerms; salts: ConsentSalts }> = {}): PatientConsent {
  const nonce = newConsentNonce()
  const salts = deriveSalts(secret, nonce)
  const place = { chainId: network.chainId, registry: network.contracts.consentRegistry, patient: session.account }
  const { commitment } = commitConsent({ ...place, terms, salts: change.salts ?? salts })
  return { commitment, terms, salts, nonce, filedAtS: 0, state: { status: 'active', grantedAtS: 1, endedAtS: 0 }, ...change }
}

test('a consent whose terms give its commitment, with salts of the own wallet, is in order', () => {
  expect(checkConsent(consent(), network, session, secret)).toBeUndefined()
  expect(checkConsent(consent(), network, session, undefined)).toBeUndefined()
})

test('error: a gateway that changed the terms is found out', () => {
  expect(checkConsent(consent({ terms: { ...terms, categories: ['vitals', 'documents'] } }), network, session, undefined)).toBe('terms')
})

test('error: salts that the own wallet did not make are found out once it signed', () => {
  const foreign = consent({ salts: deriveSalts(new Uint8Array(32).fill(8), newConsentNonce()) })
  expect(checkConsent(foreign, network, session, undefined)).toBeUndefined()
  expect(checkConsent(foreign, network, session, secret)).toBe('salts')
})

test('error: a zero salt cannot be checked and is said to be broken', () => {
  const salts = { grantee: ZERO, purposes: felt(1), period: felt(1), data: felt(1) }
  expect(checkConsent({ ...consent(), salts }, network, session, secret)).toBe('malformed')
})

test('a consent that ran out is not shown as active', () => {
  expect(standingOf('active', 100, 99)).toBe('active')
  expect(standingOf('active', 100, 100)).toBe('expired')
  expect(standingOf('unknown', 100, 1)).toBe('draft')
  expect(standingOf('revoked', 100, 1)).toBe('revoked')
})
