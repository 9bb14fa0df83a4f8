import type { AccountAddress, Role } from '@medsync/protocol'
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { Gateway } from '../composition.ts'
import { AuthError } from '../gatewayErrors.ts'
import type { Tenant } from '../tenants/tenants.ts'
import type { Participant } from './roles.ts'

/** Who is asking: proven by the token, with what the chain says of the account at this request. */
export type SignedIn = {
  readonly account: AccountAddress
  /** When the token ends, seconds. */
  readonly expiresAtS: number
  readonly role: Role
  readonly participant: Participant | undefined
}

/** Who is asking, for an organisation that is active and served here. */
export type Staff = SignedIn & { readonly participant: Participant; readonly tenant: Tenant }

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guards; read it with `signedIn(request)` or `staff(request)`. */
    session: SignedIn | Staff | null
  }
}

/** Lets any signed-in account in, unless its organisation is suspended. */
export function requireSignedIn(gateway: Gateway): onRequestAsyncHookHandler {
  return async (request) => {
    request.session = await identify(gateway, request)
  }
}

/** Lets patients' accounts in: those that act for no organisation. */
export function requirePatient(gateway: Gateway): onRequestAsyncHookHandler {
  return async (request) => {
    const session = await identify(gateway, request)
    if (session.role !== 'patient') throw new AuthError('auth/forbidden')
    request.session = session
  }
}

/** Lets operators in of an active organisation of that role that this gateway serves. */
export function requireStaff(gateway: Gateway, role: 'hospital' | 'research'): onRequestAsyncHookHandler {
  return async (request) => {
    const session = await identify(gateway, request)
    const { participant } = session
    if (participant === undefined || participant.role !== role) throw new AuthError('auth/forbidden')
    const tenant = gateway.tenants.find(participant.organisation)
    if (tenant === undefined || tenant.role !== role) throw new AuthError('auth/other-gateway')
    request.session = { ...session, participant, tenant }
  }
}

/**
 * Who is asking, behind any of the guards.
 * @throws {AuthError} The route has no guard.
 */
export function signedIn(request: FastifyRequest): SignedIn {
  if (request.session === null) throw new AuthError('auth/required')
  return request.session
}

/**
 * Who is asking and for which tenant, behind `requireStaff`.
 * @throws {AuthError} The route has no such guard.
 */
export function staff(request: FastifyRequest): Staff {
  const { session } = request
  if (session === null) throw new AuthError('auth/required')
  if (!('tenant' in session)) throw new AuthError('auth/forbidden')
  return session
}

/** Roles come from the chain at every request and never from the token, so a suspended or removed operator is out at once. */
async function identify(gateway: Gateway, request: FastifyRequest): Promise<SignedIn> {
  const { limits } = request.server
  const { account, expiresAtS } = await verified(gateway, request).catch(async (failure: unknown) => {
    await limits.count('failure', request)
    throw failure
  })
  await limits.countAccount(request, account)
  const participant = gateway.roles.organisationOf(account)
  if (participant?.standing === 'suspended') throw new AuthError('auth/suspended')
  return { account, expiresAtS, participant, role: participant?.role ?? 'patient' }
}

async function verified({ accessTokens }: Gateway, { headers }: FastifyRequest): Promise<Pick<SignedIn, 'account' | 'expiresAtS'>> {
  const [scheme, token] = (headers.authorization ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined) throw new AuthError('auth/required')
  return await accessTokens.verify(token)
}
