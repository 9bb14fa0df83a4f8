import { NodeAwayError, type NodeSilence } from '../../engine/nodeErrors.ts'

/** One request to a node. */
export type HttpRequest = {
  readonly method: 'GET' | 'POST'
  /** JSON, as it is sent. */
  readonly body?: string | undefined
  readonly token?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs: number
}

/** What came back, read to its end. */
export type HttpAnswer = { readonly status: number; readonly text: string }

/**
 * Sends one request to a node and reads the whole answer.
 * @throws {NodeAwayError} There is none.
 */
export async function sendHttp(url: string, { method, body, token, signal, timeoutMs }: HttpRequest): Promise<HttpAnswer> {
  signal?.throwIfAborted()
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method,
      redirect: 'error',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    return { status: response.status, text: await response.text() }
  } catch (cause) {
    signal?.throwIfAborted()
    throw new NodeAwayError(timeout.aborted ? 'too slow' : silenceOf(cause), { cause })
  }
}

function silenceOf(cause: unknown): NodeSilence {
  const inner = cause instanceof Error ? cause.cause : undefined
  const code = inner instanceof Error && 'code' in inner ? inner.code : undefined
  return code === 'ECONNREFUSED' ? 'unreachable' : 'broke off'
}
