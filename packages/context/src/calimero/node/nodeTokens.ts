import * as z from 'zod'
import { NodeFailedError, NodeRefusedError } from '../../engine/nodeErrors.ts'
import { type NodeAccess, requireLoopback } from './nodeAccess.ts'
import { parseAnswer } from './parseAnswer.ts'
import { sendHttp } from './sendHttp.ts'

const TIMEOUT_MS = 10_000
const UNAUTHORISED = 401
const signedInSchema = z.object({ data: z.object({ access_token: z.string().min(1) }) })

/**
 * The token that a node's calls need: got with the password, kept in memory only, and got anew when the node takes it no more (after an
 * hour, or when its folder was made anew). Whoever asks while somebody signs in waits for the same answer.
 */
export class NodeTokens {
  readonly #access: NodeAccess
  #token: string | undefined
  #signingIn: Promise<string> | undefined

  /** @throws {NodeAddressError} The node is not on this machine. */
  constructor(access: NodeAccess) {
    requireLoopback(access.url)
    this.#access = access
  }

  /**
   * The token of now.
   * @throws {NodeRefusedError} Another password owns the node.
   * @throws {NodeAwayError}
   */
  async current(): Promise<string> {
    return this.#token ?? (await this.#signIn())
  }

  /**
   * Another token than the one that the node did not take.
   * @param refused - That one; when somebody got another in the meantime, it is that.
   */
  async insteadOf(refused: string): Promise<string> {
    if (this.#token === refused) this.#token = undefined
    return await this.current()
  }

  #signIn(): Promise<string> {
    this.#signingIn ??= this.#askForToken().finally(() => {
      this.#signingIn = undefined
    })
    return this.#signingIn
  }

  async #askForToken(): Promise<string> {
    const { url, username, password } = this.#access
    const body = JSON.stringify({
      auth_method: 'user_password',
      public_key: username,
      client_name: 'medsync',
      timestamp: Math.floor(Date.now() / 1_000),
      provider_data: { username, password },
    })
    const answer = await sendHttp(`${url}/auth/token`, { method: 'POST', body, timeoutMs: TIMEOUT_MS })
    if (answer.status === UNAUTHORISED) throw new NodeRefusedError()
    if (answer.status !== 200) throw new NodeFailedError('sign-in', answer.status, answer.text)
    this.#token = parseAnswer('sign-in', answer, signedInSchema).data.access_token
    return this.#token
  }
}
