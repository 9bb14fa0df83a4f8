import { runCommand } from '../runCommand.ts'
import { sha256File } from './sha256File.ts'

/** The Calimero that MedSync's node is made of; nodes of another version do not understand it. */
export const NODE_VERSION = '0.11.0-rc.4'

/** A prebuilt program of that version that cannot say so itself. */
const PREBUILT_SHA256 = '50a0b24dbbb873dddfdac6301bfab7a5937e133b4433a962b3cae75aaa3c3874'

/** The version of Calimero that a node's program is made of; undefined when it does not run here or is no node of ours. */
export async function nodeVersion(binary: string): Promise<string | undefined> {
  const { code, output } = await runCommand(binary, ['--version'], { timeoutMs: 10_000 })
  if (code === 127) return undefined
  if (code === 0) return /^calimero-node (\S+)/m.exec(output)?.[1]
  return (await sha256File(binary)) === PREBUILT_SHA256 ? NODE_VERSION : undefined
}
