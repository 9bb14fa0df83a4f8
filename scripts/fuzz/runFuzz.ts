import { forgetHashes } from '../../test/model/hashes.ts'
import { Coverage } from './coverage.ts'
import { playEpisode } from './episode.ts'
import { Random } from './random.ts'
import { shrink } from './shrink.ts'
import { Stage } from './stage.ts'
import { tellFailure } from './tell.ts'

/** How long to go on, and from where. */
export type FuzzOptions = { readonly calls: number; readonly seed: number; readonly signal: AbortSignal }

/** Calls of one episode: then everything begins anew, with the next seed. */
const EPISODE_CALLS = 2_500
/** A node keeps every block, 250 MB an episode; after so many it is started anew. */
const EPISODES_A_NODE = 4
const PROGRESS_MS = 10_000
const SHRINK_MS = 180_000

/**
 * Plays episodes until enough calls were made or it is told to stop. Each episode has a seed of its own, so that a failure is played again alone.
 * @returns Whether model and chain agreed all the time.
 */
export async function runFuzz({ calls, seed, signal }: FuzzOptions): Promise<boolean> {
  const seeds = new Random(seed)
  const coverage = new Coverage()
  const startedMs = performance.now()
  let [made, views, episodes, toldMs] = [0, 0, 0, 0]
  const tell = (): void => {
    const seconds = (performance.now() - startedMs) / 1_000
    const speed = `${(made / seconds).toFixed(0)} calls/s`
    console.log(
      `  ${made} calls, ${views} views, ${episodes} episodes, ${speed}, ${coverage.refusals()} refusals, ${coverage.gaps().length} gaps`,
    )
  }
  let stage = await Stage.raise()
  try {
    for (let next = seed; made < calls && !signal.aborted; next = seeds.next()) {
      if (episodes > 0 && episodes % EPISODES_A_NODE === 0) {
        await stage.stop()
        stage = await Stage.raise()
      }
      const { steps, difference } = await playEpisode({
        stage,
        seed: next,
        calls: Math.min(EPISODE_CALLS, calls - made),
        signal,
        hear: (kind, fn, outcome) => coverage.hear(kind, fn, outcome),
        onStep: (more, looks) => {
          made += more
          views += looks
          if (performance.now() - toldMs < PROGRESS_MS) return
          toldMs = performance.now()
          tell()
        },
      }).catch((error: unknown) => {
        console.error(`error: in the episode of seed ${next}`)
        throw error
      })
      episodes++
      forgetHashes()
      if (difference === undefined) continue
      console.error(`\nerror: model and chain differ in the episode of seed ${next}; leaving out what is not needed…`)
      console.error(tellFailure(stage.addresses, await shrink(stage, steps, difference, SHRINK_MS)))
      console.error(`\nNext: npm run fuzz -- --calls ${EPISODE_CALLS} --seed ${next}`)
      return false
    }
    return true
  } finally {
    tell()
    console.log(`\n${coverage.table()}\n`)
    for (const gap of coverage.gaps()) console.log(`  ${gap}`)
    await stage.stop()
  }
}
