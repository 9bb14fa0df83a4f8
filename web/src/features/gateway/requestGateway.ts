import { errorAnswerSchema } from '@medsync/protocol'
import type * as z from 'zod'
import { GatewayError } from '../problem/GatewayError.ts'
import { PortalError } from '../problem/PortalError.ts'

export type GatewayRequest<T> = {
  readonly path: string
  /** What the answer must look like. */
  readonly answer: z.ZodType<T>
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly token?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks the gateway and checks its answer.
 * @throws {GatewayError} It answered with a failure.
 * @throws {PortalError} It cannot be reached, or its answer is not what it should be.
 */
export async function requestGateway<T>({ path, answer, method = 'GET', body, token, signal }: GatewayRequest<T>): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  const init: RequestInit = { method, headers, credentials: 'same-origin' }
  if (body !== undefined) init.body = JSON.stringify(body)
  if (signal !== undefined) init.signal = signal
  const response = await fetch(`/api${path}`, init).catch((cause: unknown) => {
    if (signal?.aborted) throw cause
    throw new PortalError('portal/offline', { cause })
  })
  return readAnswer(response, answer)
}

/** Reads an answer, or throws the failure that it tells. */
export async function readAnswer<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  const content: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined)
  if (!response.ok) throw failureOf(content, response.status)
  const parsed = schema.safeParse(content)
  if (!parsed.success) throw new PortalError('portal/bad-answer', { cause: parsed.error })
  return parsed.data
}

/** The failure in an answer; one without our shape comes from something between us and the gateway. */
export function failureOf(content: unknown, status: number): GatewayError | PortalError {
  const parsed = errorAnswerSchema.safeParse(content)
  if (parsed.success) return new GatewayError(parsed.data, status)
  return new PortalError(status >= 500 ? 'portal/offline' : 'portal/bad-answer')
}
