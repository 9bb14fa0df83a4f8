import { type Upload, uploadSchema } from '@medsync/protocol'
import { failureOf } from '../gateway/requestGateway.ts'
import { GatewayError } from '../problem/GatewayError.ts'
import { PortalError } from '../problem/PortalError.ts'
import { currentToken } from '../session/callGateway.ts'

export type UploadBundle = {
  readonly file: Blob
  /** Names the upload in live events. */
  readonly id: string
  /** What the gateway gave for this file when it asked whether it is the same person. */
  readonly confirmation: string | undefined
  /** Bytes that have left this browser. */
  readonly onSent: (sentBytes: number) => void
  readonly signal: AbortSignal
}

/**
 * POST /hospital/bundles with one file, plain or gzip, told apart by its first bytes. Uses XMLHttpRequest, which alone says how much was sent.
 * @throws {GatewayError} Refused, with the reason; nothing was kept.
 * @throws {PortalError} `upload/interrupted`: the connection broke or it was cancelled; nothing was kept.
 */
export async function uploadBundle({ file, id, confirmation, onSent, signal }: UploadBundle): Promise<Upload> {
  const [token, isPacked] = await Promise.all([currentToken(), isGzip(file)])
  signal.throwIfAborted()
  const { status, text } = await send(file, { token, isPacked, id, confirmation, onSent, signal })
  const content = parseJson(text)
  if (status < 200 || status > 299) throw failureOf(content, status)
  const parsed = uploadSchema.safeParse(content)
  if (!parsed.success) throw new PortalError('portal/bad-answer', { cause: parsed.error })
  return parsed.data
}

/** Whether a file begins as gzip does, whatever its name is. */
export async function isGzip(file: Blob): Promise<boolean> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  return first === 0x1f && second === 0x8b
}

/** Failures that a second try of the same file may pass. */
export function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return error instanceof PortalError
  // Without the confirmation the gateway looks again, and asks again.
  return error.status >= 500 || error.status === 429 || error.code === 'record/confirmation-outdated'
}

type Sending = Omit<UploadBundle, 'file'> & { readonly token: string | undefined; readonly isPacked: boolean }

function send(file: Blob, { token, isPacked, id, confirmation, onSent, signal }: Sending): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const request = new XMLHttpRequest()
  const interrupted = (): void => reject(new PortalError('upload/interrupted'))
  request.open('POST', '/api/hospital/bundles')
  request.setRequestHeader('content-type', 'application/fhir+json')
  request.setRequestHeader('x-upload-id', id)
  if (isPacked) request.setRequestHeader('content-encoding', 'gzip')
  if (confirmation !== undefined) request.setRequestHeader('x-confirm-identity', confirmation)
  if (token !== undefined) request.setRequestHeader('authorization', `Bearer ${token}`)
  request.upload.onprogress = ({ loaded }) => onSent(loaded)
  request.onload = () => resolve({ status: request.status, text: request.responseText })
  request.onerror = interrupted
  request.onabort = interrupted
  signal.addEventListener('abort', () => request.abort(), { once: true })
  request.send(file)
  return promise
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    console.info('An answer was not JSON.', error instanceof Error ? error.name : '')
    return undefined
  }
}
