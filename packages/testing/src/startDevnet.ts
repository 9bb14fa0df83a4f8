import { type Devnet, type DevnetOptions, startDevnet as startProcess } from '../../../scripts/devnet/startDevnet.ts'
import { devnetForTests } from '../../../scripts/toolchain/devnetForTests.ts'

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
  return await startProcess({ ...options, binary: await devnetForTests() })
}
