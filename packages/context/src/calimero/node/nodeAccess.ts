import * as z from 'zod'
import { NodeAddressError } from '../../engine/nodeErrors.ts'

const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/

/** How a Calimero node is spoken to; the password is secret. */
export const nodeAccessSchema = z.object({
  /**
   * `http://127.0.0.1:PORT`. Only this machine: the node's sign-in (0.11.0-rc.4) is too weak for a network, and the password goes over it
   * in clear.
   */
  url: z.string().refine(isLoopback, 'A node is spoken to on its own machine only: http://127.0.0.1:PORT.'),
  username: z.string().min(1),
  password: z.string().min(1),
})

/** How a Calimero node is spoken to; the password is secret. */
export type NodeAccess = z.output<typeof nodeAccessSchema>

/** @throws {NodeAddressError} The address is not one of this machine. */
export function requireLoopback(url: string): void {
  if (!isLoopback(url)) throw new NodeAddressError()
}

function isLoopback(url: string): boolean {
  return LOOPBACK.test(url) && URL.canParse(url)
}
