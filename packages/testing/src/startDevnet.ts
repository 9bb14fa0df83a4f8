import { type Devnet, type DevnetOptions, startDevnet as startProcess } from '../../../scripts/devnet/startDevnet.ts'
import { progress } from '../../../scripts/progress.ts'
import { ensureDevnet } from '../../../scripts/toolchain/ensureDevnet.ts'

/** As for the process itself; the program is found or installed. */
export type TestDevnetOptions = Omit<DevnetOptions, 'binary'>

/**
 * Starts a local node for a test and waits until it answers (1.5 s). It ends with the test process, however that ends.
 * @param options.stateArchive - For `devnet_abortBlocks`, which makes a reorganisation.
 * @example
 * const devnet = await startDevnet()
 * const { deployment, accounts } = await deployMedsync(devnet)
 * await devnet.stop()
 */
export async function startDevnet(options: TestDevnetOptions = {}): Promise<Devnet> {
  const told = progress('starknet-devnet', 'at once; 15 min when it has to be built')
  const binary = await ensureDevnet(told)
  told.done()
  return await startProcess({ ...options, binary })
}
