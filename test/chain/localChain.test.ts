import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localAccount } from '@medsync/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deployLocal, type LocalDeployment } from '../../scripts/deploy/deployLocal.ts'
import { execute } from '../../scripts/deploy/execute.ts'
import { devnetRpc } from '../../scripts/devnet/devnetRpc.ts'
import { newestBlock, readBlockTimes } from '../../scripts/localChain/blockTimes.ts'
import { type LocalChain, startLocalChain } from '../../scripts/localChain/startLocalChain.ts'
import { freePort } from '../../scripts/processes/ports.ts'
import { silentProgress } from '../../scripts/testing/silentProgress.ts'
import { ensureDevnet } from '../../scripts/toolchain/ensureDevnet.ts'

let folder = ''
let chain: LocalChain | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'medsync-local-chain-'))
})

afterEach(async () => {
  await chain?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<LocalChain> {
  const told = silentProgress()
  chain = await startLocalChain({
    binary: await ensureDevnet(told),
    port: await freePort(),
    folder: join(folder, 'chain'),
    logPath: join(folder, 'log'),
    told,
  })
  return chain
}

async function grant(rpcUrl: string, { deployment, accounts }: LocalDeployment, commitment: string): Promise<void> {
  const calls = [{ contractAddress: deployment.contracts.consentRegistry, entrypoint: 'grant', calldata: [commitment] }]
  await execute(localAccount(rpcUrl, accounts, 'Patient 1'), calls)
}

/** Every block with its receipts: hashes, times, events, fees. */
async function history(rpcUrl: string, upTo: number): Promise<unknown[]> {
  const blocks: unknown[] = []
  for (let number = 0; number <= upTo; number++) {
    blocks.push(await devnetRpc(rpcUrl, 'starknet_getBlockWithReceipts', { block_id: { block_number: number } }))
  }
  return blocks
}

describe('the local chain', () => {
  test('comes back with every block, hash, time and event after a stop', async () => {
    const first = await start()
    const local = await deployLocal(first.rpcUrl)
    await grant(first.rpcUrl, local, '0x1')
    await devnetRpc(first.rpcUrl, 'devnet_increaseTime', { time: 3_600 })
    await grant(first.rpcUrl, local, '0x2')
    const upTo = await newestBlock(first.rpcUrl)
    const before = await history(first.rpcUrl, upTo)
    await first.stop()

    const second = await start()
    expect(await history(second.rpcUrl, upTo)).toEqual(before)
    expect((await deployLocal(second.rpcUrl)).deployment.contracts).toEqual(local.deployment.contracts)
    await grant(second.rpcUrl, local, '0x3')
  })

  test('its clock goes on from now, or from where it had been moved to, never backwards', async () => {
    const first = await start()
    await devnetRpc(first.rpcUrl, 'devnet_increaseTime', { time: 86_400 })
    const moved = await timeOfNewest(first.rpcUrl)
    await first.stop()
    const second = await start()
    expect(await timeOfNewest(second.rpcUrl)).toBeGreaterThanOrEqual(moved)
  })

  test('comes back after its node was killed, and after a request that was written by half', async () => {
    const first = await start()
    const local = await deployLocal(first.rpcUrl)
    await grant(first.rpcUrl, local, '0x1')
    const upTo = await newestBlock(first.rpcUrl)
    const before = await history(first.rpcUrl, upTo)
    // The time of a block is written down a quarter of a second after it; what a kill leaves without one gets the time of its file.
    await expect.poll(async () => (await readBlockTimes(join(folder, 'chain', 'block-times'))).length, { timeout: 10_000 }).toBe(upTo + 1)
    await grant(first.rpcUrl, local, '0x2')
    await first.process.kill()
    const requests = join(folder, 'chain', 'requests.json')
    truncateSync(requests, readFileSync(requests).length - 40)

    const second = await start()
    expect(await history(second.rpcUrl, upTo)).toEqual(before)
    await grant(second.rpcUrl, local, '0x2')
  })

  test('error: a file of requests that holds nothing readable is refused with the way out', async () => {
    await (await start()).stop()
    truncateSync(join(folder, 'chain', 'requests.json'), 3)
    await expect(start()).rejects.toThrowError('The chain of the state folder cannot be read. Run `npm run reset` to start over')
  })
})

async function timeOfNewest(rpcUrl: string): Promise<number> {
  const block = await devnetRpc(rpcUrl, 'starknet_getBlockWithTxHashes', { block_id: 'latest' })
  return typeof block === 'object' && block !== null && 'timestamp' in block ? Number(block.timestamp) : Number.NaN
}
