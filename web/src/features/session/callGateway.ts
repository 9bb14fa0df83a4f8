import { type GatewayRequest, requestGateway } from '../gateway/requestGateway.ts'
import { GatewayError } from '../problem/GatewayError.ts'
import { refreshSession } from './refreshSession.ts'
import { sessionStore } from './sessionStore.ts'

/** A token is renewed this long before its end, so that no request meets the end on its way. */
const MARGIN_S = 20

/** The access token to send now, renewed when it is about to end; undefined when nobody is signed in. */
export async function currentToken(): Promise<string | undefined> {
  const state = sessionStore.get()
  if (state.status !== 'signed-in') return undefined
  if (state.session.expiresAtS - MARGIN_S > Date.now() / 1000) return state.session.accessToken
  return (await refreshSession())?.accessToken
}

/**
 * As `requestGateway`, as the signed-in account. A token that is refused is renewed once.
 * @throws {GatewayError} Among others `auth/required`: nobody is signed in, or the session has ended.
 */
export async function callGateway<T>(request: Omit<GatewayRequest<T>, 'token'>): Promise<T> {
  try {
    return await requestGateway({ ...request, token: await currentToken() })
  } catch (error) {
    if (!(error instanceof GatewayError) || error.status !== 401 || sessionStore.get().status !== 'signed-in') throw error
    const renewed = await refreshSession()
    if (renewed === undefined) throw error
    return requestGateway({ ...request, token: renewed.accessToken })
  }
}

/** All pages of a list, in order. */
export async function callAllPages<Item>(
  request: Omit<GatewayRequest<{ items: Item[]; next: string | null }>, 'token'>,
  limit = 200,
): Promise<Item[]> {
  const items: Item[] = []
  let after: string | null = null
  do {
    const query: string = after === null ? '' : `&after=${encodeURIComponent(after)}`
    const page: { items: Item[]; next: string | null } = await callGateway({ ...request, path: `${request.path}?limit=${limit}${query}` })
    items.push(...page.items)
    after = page.next
  } while (after !== null)
  return items
}
