import { createHash, randomBytes } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import type { Duplex } from 'node:stream'
import { clientFrame, FrameReader, opcode } from './frames.ts'

/** Whom to connect to. */
export type WebSocketOptions = {
  /** `http://127.0.0.1:PORT/ws` */
  readonly url: string
  readonly token: string
  readonly onOpen: (send: (text: string) => void) => void
  readonly onText: (text: string) => void
  /** Once, for whatever reason; also when it was never open. */
  readonly onEnd: () => void
  /** Ends it at once. */
  readonly signal: AbortSignal
}

const ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * Connects to a node's WebSocket. Node's own `WebSocket` can neither send the token in a header (it would stand in an address) nor be
 * ended at once (it waits for the node's part of the ending, which rc.4 sends up to half a minute later, and keeps the process alive).
 * @source RFC 6455
 */
export function connectWebSocket({ url, token, onOpen, onText, onEnd, signal }: WebSocketOptions): void {
  const key = randomBytes(16).toString('base64')
  const asking = request(url, {
    signal,
    headers: {
      authorization: `Bearer ${token}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
    },
  })
  asking.on('upgrade', (answer, stream, head) => {
    const closing = (): void => void stream.destroy()
    signal.addEventListener('abort', closing, { once: true })
    stream.on('error', closing)
    stream.on('close', () => {
      signal.removeEventListener('abort', closing)
      onEnd()
    })
    if (signal.aborted || !isAccepted(answer, key)) return closing()
    const hear = reading(stream, onText)
    stream.on('data', hear)
    onOpen((text) => void stream.write(clientFrame(opcode.text, Buffer.from(text))))
    if (head.length > 0) hear(head)
  })
  asking.on('response', (refusal) => {
    refusal.destroy()
    onEnd()
  })
  asking.on('error', onEnd)
  asking.end()
}

function isAccepted({ headers }: IncomingMessage, key: string): boolean {
  return headers['sec-websocket-accept'] === createHash('sha1').update(`${key}${ACCEPT}`).digest('base64')
}

/** Puts messages together, and answers what the protocol wants answered. */
function reading(stream: Duplex, onText: (text: string) => void): (bytes: Buffer) => void {
  const reader = new FrameReader()
  let parts: Buffer[] = []
  return (bytes) => {
    try {
      for (const frame of reader.read(bytes)) {
        if (frame.opcode === opcode.ping) stream.write(clientFrame(opcode.pong, frame.payload))
        else if (frame.opcode === opcode.close) stream.destroy()
        else if (frame.opcode === opcode.text || frame.opcode === opcode.continuation) {
          parts.push(frame.payload)
          if (!frame.isLast) continue
          const text = Buffer.concat(parts).toString('utf8')
          parts = []
          onText(text)
        }
      }
    } catch (cause) {
      stream.destroy(cause instanceof Error ? cause : new TypeError('unreadable'))
    }
  }
}
