import { account, type Session } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { stateAfter } from './refreshSession.ts'

const session = (address: string): Session => ({
  accessToken: 'token',
  expiresAtS: 1,
  account: account(address),
  role: 'patient',
  organisation: null,
})

test('a refresh keeps the account signed in', () => {
  const state = stateAfter({ status: 'signed-in', session: session('0x1') }, session('0x1'))
  expect(state).toMatchObject({ status: 'signed-in', session: { account: '0x1' } })
})

test('a reload restores whoever the cookie belongs to', () => {
  expect(stateAfter({ status: 'restoring' }, session('0x2'))).toMatchObject({ status: 'signed-in' })
})

test('error: another account behind the cookie is never taken over silently', () => {
  const state = stateAfter({ status: 'signed-in', session: session('0x1') }, session('0x2'))
  expect(state).toEqual({ status: 'signed-out', reason: 'elsewhere' })
})

test('error: a session that ended says so, a first visit does not', () => {
  expect(stateAfter({ status: 'signed-in', session: session('0x1') }, undefined)).toEqual({ status: 'signed-out', reason: 'ended' })
  expect(stateAfter({ status: 'restoring' }, undefined)).toEqual({ status: 'signed-out', reason: 'never' })
})
