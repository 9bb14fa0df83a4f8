import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from '../../scripts/devnet/devnetRpc.ts'
import type { Devnet } from '../../scripts/devnet/startDevnet.ts'
import { freePort } from '../../scripts/processes/ports.ts'
import { startChild } from '../../scripts/processes/startChild.ts'
import { progress } from '../../scripts/progress.ts'
import { ensureDevnet } from '../../scripts/toolchain/ensureDevnet.ts'

/** A local node that makes a block only when told to (`devnet_createBlock`); until then transactions are pre-confirmed. */
export async function startDemandDevnet(): Promise<Devnet> {
  const told = progress('starknet-devnet', 'at once')
  const binary = await ensureDevnet(told)
  told.done()
  const port = await freePort()
  const args = ['--host', '127.0.0.1', '--port', String(port), '--seed', '42', '--accounts', '20', '--block-generation-on', 'demand']
  const process = await startChild({ name: 'chain', program: binary, args: [...args, '--state-archive-capacity', 'full'] })
  const rpcUrl = `http://127.0.0.1:${port}/rpc`
  while (!(await isAlive(rpcUrl))) await sleep(25)
  return { rpcUrl, wsUrl: `ws://127.0.0.1:${port}/ws`, port, process, stop: () => process.stop() }
}
