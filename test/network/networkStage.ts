import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { type Network, startNetwork } from '../../scripts/nodes/startNetwork.ts'
import { findNode } from '../../scripts/toolchain/ensureNode.ts'

export type { Network } from '../../scripts/nodes/startNetwork.ts'

const found = await findNode()
if (found === undefined) console.warn('There is no Calimero node here, so these tests are left out: `npm run node:build` makes one.')

/** Program of a node; only called inside `describeNetwork`. */
export const nodeBinary = found?.path ?? ''

/** Tests that need real nodes; left out where there is no program of one. */
export const describeNetwork = describe.skipIf(found === undefined)

/** Hospitals of the tests' circle and their organisations; the first is the keeper. */
export const HOSPITALS = { mercy: '0x1', lakeside: '0x2', stclare: '0x3' } as const

/** Their names. */
export const NAMES = ['mercy', 'lakeside', 'stclare'] as const

/** A sync of rc.4 that got stuck is given up after 30 s, and the next one succeeds. */
export const PATIENTLY = { timeout: 45_000, interval: 25 }

/** A circle of three nodes in a new folder, which is deleted when it is closed. */
export async function openCircle(options: { isEncrypted?: boolean } = {}): Promise<Network> {
  const folder = await mkdtemp(join(tmpdir(), 'medsync-network-'))
  const forget = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const network = await startNetwork({ binary: nodeBinary, folder, hospitals: HOSPITALS, ...options })
    const close = async (): Promise<void> => {
      await network.close()
      await forget()
    }
    return { ...network, close }
  } catch (error) {
    await forget()
    throw error
  }
}
