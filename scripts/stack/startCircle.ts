import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addToCircle, circleIdsSchema, foundCircle, inviteToCircle, joinCircle } from '@medsync/context/calimero'
import { slugToOrganisationId } from '@medsync/protocol'
import * as z from 'zod'
import { ChoreError } from '../choreError.ts'
import { circleFileOf } from '../circle/circleFileOf.ts'
import { type RunningNode, startNode } from '../nodes/startNode.ts'
import { StuckWatch } from '../nodes/stuckWatch.ts'
import { parseJson } from '../parseJson.ts'
import { inProject } from '../paths.ts'
import type { Progress } from '../progress.ts'
import { endOf } from './endOf.ts'
import type { StateFiles } from './stateFiles.ts'
import { writeJson } from './writeStateFiles.ts'

const BUNDLE = ['calimero-app', 'res', 'medsync.mpk'] as const
/** Long enough for a slow machine, too short to be found and used. */
const INVITED_S = 600

const savedSchema = z.object({ ids: circleIdsSchema, joined: z.array(z.string()) })

/** How the circle of a local network is started. */
export interface CircleOptions {
  files: StateFiles
  /** The calimero-node program. */
  binary: string
  /** Slugs; the first keeps the circle. */
  hospitals: readonly string[]
  /** Two for each hospital from here on: its API's and its network's. */
  firstPort: number
  logPathOf(name: string): Promise<string>
  told: Progress
}

/** Calimero nodes, one for each hospital, in one circle. */
export interface LocalCircle {
  /** Rejects when a node ends by itself. */
  failed: Promise<never>
  stop(): Promise<void>
}

/**
 * Starts a node for each hospital and sees to it that all are in one circle: founded by the first, joined by each of the others once. May be
 * interrupted anywhere; the next start goes on. Writes what the gateway reads.
 * @throws {ChoreError} A port is taken, a node does not come up, or the list of who joined is damaged.
 */
export async function startCircle(options: CircleOptions): Promise<LocalCircle> {
  const { files, hospitals, told } = options
  const running = new Map<string, RunningNode>()
  const stopping = new AbortController()
  const stop = async (): Promise<void> => {
    stopping.abort()
    await Promise.all([...running.values()].map((node) => node.stop()))
  }
  try {
    for (const [place, slug] of hospitals.entries()) {
      told.update(`node of ${slug}`)
      const [keeper] = running.values()
      running.set(slug, await startOne(options, slug, place, keeper === undefined ? [] : [keeper.peerAddress]))
    }
    const { ids } = await bringTogether(options, running)
    const nodes = [...running].map(([member, { access }]) => ({ member, access }))
    await writeJson(files.contextNodes, await circleFileOf(ids, nodes))
    const failed = Promise.race([...running.keys()].map((slug) => keep(options, running, slug, stopping.signal)))
    failed.catch(() => undefined)
    return { failed, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Starts a node anew when it answers no more; ends when it ends by itself. */
async function keep(options: CircleOptions, running: Map<string, RunningNode>, slug: string, signal: AbortSignal): Promise<never> {
  const watch = new StuckWatch()
  for (;;) {
    const node = running.get(slug)
    if (node === undefined) throw new RangeError('only running nodes are kept')
    const stuck = await Promise.race([endOf(node.child), watch.untilStuck(node)])
    if (signal.aborted) return await new Promise<never>(() => undefined)
    console.log(
      `  The node of ${slug} answers no calls any more (${stuck}), a known fault of rc.4; it is started anew. Nothing confirmed is lost.`,
    )
    await node.kill()
    const place = options.hospitals.indexOf(slug)
    const others = [...running].filter(([other]) => other !== slug).map(([, { peerAddress }]) => peerAddress)
    running.set(slug, await startOne(options, slug, place, others.slice(0, 1)))
  }
}

async function startOne(
  { files, binary, firstPort, logPathOf, told }: CircleOptions,
  slug: string,
  place: number,
  bootstrap: readonly string[],
): Promise<RunningNode> {
  const serverPort = firstPort + 2 * place
  const logPath = await logPathOf(`node-${slug}`)
  return await startNode({ binary, home: join(files.nodes, slug), serverPort, swarmPort: serverPort + 1, bootstrap, logPath, told })
}

/** Founds the circle, or takes the one of the last time, and invites whoever is not in it yet. */
async function bringTogether({ files, hospitals, told }: CircleOptions, running: ReadonlyMap<string, RunningNode>) {
  const [keeperSlug = ''] = hospitals
  const keeper = running.get(keeperSlug)
  if (keeper === undefined) throw new RangeError('a circle has a keeper')
  const bundlePath = inProject(...BUNDLE)
  const saved = await readSaved(files.circle)
  const ids =
    saved?.ids ??
    (await foundCircle(keeper.access, {
      bundlePath,
      initialise: { admin_organisation: slugToOrganisationId(keeperSlug), kind: 'hospital' },
      name: 'medsync',
    }))
  const joined = saved?.joined ?? [keeperSlug]
  await writeJson(files.circle, { ids, joined })
  for (const [slug, node] of running) {
    if (joined.includes(slug)) continue
    told.update(`${slug} joins the circle`)
    const invitation = await inviteToCircle(keeper.access, ids, { expiresInS: INVITED_S })
    await joinCircle(node.access, invitation, {
      bundlePath,
      told: (words) => told.update(`${slug}: ${words}`),
      onExecutor: (executor) => addToCircle(keeper.access, ids, executor),
    })
    joined.push(slug)
    await writeJson(files.circle, { ids, joined })
  }
  return { ids }
}

async function readSaved(path: string): Promise<z.output<typeof savedSchema> | undefined> {
  if (!existsSync(path)) return undefined
  const saved = savedSchema.safeParse(parseJson(await readFile(path, 'utf8')))
  if (saved.success) return saved.data
  throw new ChoreError('state/circle', `${path} is not what MedSync wrote.`, 'Put back a copy of the state folder, or run `npm run reset`.')
}
