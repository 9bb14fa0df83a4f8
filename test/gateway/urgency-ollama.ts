import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with a question: answers with a text, or treats the connection as it likes. */
export type Behaviour = (prompt: string, answer: ServerResponse) => void | Promise<void>

/** An HTTP server that speaks as much of Ollama's API as the gateway uses, and answers as the test says: there is no model here. */
export class OllamaServer {
  /** What it was asked, as it came. */
  readonly asked: { readonly path: string; readonly body: Record<string, unknown> }[] = []
  behave: Behaviour = says('{}')
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, answer) => void this.#answer(request, answer))
  }

  static async start(): Promise<OllamaServer> {
    const server = new OllamaServer()
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: Record<string, unknown> = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    this.asked.push({ path: request.url ?? '', body })
    await this.behave(String(body.prompt), answer)
  }
}

/** Answers as Ollama does, `text` being what the model wrote. */
export function says(text: string): Behaviour {
  return (_prompt, answer) => {
    answer.setHeader('content-type', 'application/json; charset=utf-8')
    answer.end(JSON.stringify({ model: 'test', created_at: '2026-11-21T10:00:00Z', response: text, done: true, done_reason: 'stop' }))
  }
}

/** A suggestion as a well-behaved model writes it. */
export function suggests(raise: number, quote: string, note: string): Behaviour {
  return says(JSON.stringify({ raise, reason: 'Sign of poor perfusion.', note, quote }))
}
