import { runCommand } from '../runCommand.ts'

/** The starknet-devnet that MedSync is made and tested with. */
export const DEVNET_VERSION = '0.8.1'

/** The version that a starknet-devnet says it is; undefined when it does not run here. */
export async function devnetVersion(binary: string): Promise<string | undefined> {
  const { code, output } = await runCommand(binary, ['--version'], { timeoutMs: 10_000 })
  return code === 0 ? /starknet-devnet (\S+)/.exec(output)?.[1] : undefined
}
