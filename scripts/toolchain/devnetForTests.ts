import { progress } from '../progress.ts'
import { ensureDevnet, findDevnet } from './ensureDevnet.ts'

/** Path of the node's program for a test; nothing is said unless it has to be installed. */
export async function devnetForTests(): Promise<string> {
  const found = await findDevnet()
  if (found !== undefined) return found.path
  const told = progress('starknet-devnet', 'about 15 min when it has to be built, once')
  const path = await ensureDevnet(told)
  told.done()
  return path
}
