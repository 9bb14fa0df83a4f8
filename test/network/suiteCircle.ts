import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addToCircle,
  type CalimeroEngine,
  type CircleIds,
  foundCircle,
  inviteToCircle,
  joinCircle,
  openCalimeroEngine,
} from '@medsync/context/calimero'
import { APP_BUNDLE } from '../../scripts/nodes/startNetwork.ts'
import { type Seat, startNodes } from '../../scripts/nodes/startNodes.ts'
import { HOSPITALS, NAMES, nodeBinary } from './networkStage.ts'

/** Three nodes in one circle; nobody but mercy, who opened it, is admitted in the app. */
export type BareCircle = {
  readonly ids: CircleIds
  readonly engine: CalimeroEngine
  seatOf(name: string): Seat
  said(): string
  close(): Promise<void>
}

/**
 * Opens such a circle in a new folder, which is deleted when it is closed.
 * @param options.keeper - Mercy's organisation; that of `HOSPITALS` unless said.
 */
export async function openBareCircle(options: { keeper?: string; isEncrypted?: boolean } = {}): Promise<BareCircle> {
  const { keeper: organisation = HOSPITALS.mercy, ...stored } = options
  const folder = await mkdtemp(join(tmpdir(), 'medsync-engine-'))
  const seats = await startNodes({ binary: nodeBinary, folder, names: NAMES, ...stored })
  const close = async (): Promise<void> => {
    await Promise.all(seats.map((seat) => seat.stop()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const seatOf = (name: string): Seat => seats.find((seat) => seat.name === name) ?? raise(name)
    const keeper = seatOf('mercy').node.access
    const ids = await foundCircle(keeper, {
      bundlePath: APP_BUNDLE,
      initialise: { admin_organisation: organisation, kind: 'hospital' },
      name: 'hospitals',
    })
    const invitation = await inviteToCircle(keeper, ids, { expiresInS: 60 })
    await Promise.all(
      NAMES.slice(1).map((name) =>
        joinCircle(seatOf(name).node.access, invitation, {
          bundlePath: APP_BUNDLE,
          onExecutor: (executor) => addToCircle(keeper, ids, executor),
        }),
      ),
    )
    const nodes = seats.map(({ name, node }) => ({ member: name, access: node.access }))
    const engine = await openCalimeroEngine({ contextId: ids.contextId, nodes })
    return {
      ids,
      engine,
      seatOf,
      said: () => seats.map((seat) => seat.said()).join('\n'),
      close: async () => {
        await engine.close()
        await close()
      },
    }
  } catch (failure) {
    await close()
    throw failure
  }
}

function raise(name: string): never {
  throw new TypeError(`There is no ${name} here.`)
}
